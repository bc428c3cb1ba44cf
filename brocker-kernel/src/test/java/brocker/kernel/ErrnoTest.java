package brocker.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ErrnoTest {
    @Test
    void everyConstantIsTheErrnoOfItsName() throws Exception {
        List<Field> constants = List.of(Errno.class.getFields());
        assertThat(constants).hasSizeGreaterThan(35);
        for (Field constant : constants) {
            assertThat(((Errno) constant.get(null)).name()).isEqualTo(constant.getName());
        }
    }

    @Test
    void unknownNumberIsKept() {
        assertThat(Errno.of(4711)).hasToString("E4711 (unknown error 4711)");
        assertThat(Errno.of(4711).number()).isEqualTo(4711);
    }

    @Test
    void zeroIsNoErrno() {
        assertThatThrownBy(() -> Errno.of(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void exceptionReadsAsCallNameAndText() {
        KernelException e = new KernelException("mount(\"/x\")", Errno.ENOENT);
        assertThat(e).hasMessage("mount(\"/x\"): ENOENT (no such file or directory)");
        assertThat(e.call()).isEqualTo("mount(\"/x\")");
        assertThat(e.errno()).isEqualTo(Errno.ENOENT);
    }
}
