package brocker.runtime;

import brocker.kernel.Fd;
import brocker.kernel.Spawn;
import brocker.runtime.process.InitProgram;
import java.util.List;

/** Hands sockets to {@code brocker-run} where its protocol expects them. */
final class SocketPassing {
    private SocketPassing() {}

    static Spawn pass(Spawn spawn, List<Fd> sockets) {
        Spawn with = spawn;
        for (int i = 0; i < sockets.size(); i++) {
            with = with.with(InitProgram.FIRST_SOCKET + i, sockets.get(i));
        }
        return with;
    }
}
