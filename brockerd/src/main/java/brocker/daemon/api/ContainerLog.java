package brocker.daemon.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The log of one container as {@code brocker-run} writes it: {@code log}, and {@code log.1} and up, which are older. */
record ContainerLog(Path directory) {
    private static final int BLOCK = 64 << 10;

    /** Writes the last lines as they are in the files. */
    void write(OutputStream out, int lines) throws IOException {
        List<Path> newestFirst = files();
        List<Long> starts = new ArrayList<>();
        long missing = lines;
        for (Path file : newestFirst) {
            if (missing <= 0) {
                break;
            }
            Tail tail = tail(file, missing);
            starts.add(tail.start);
            missing -= tail.lines;
        }
        for (int i = starts.size() - 1; i >= 0; i--) {
            copy(newestFirst.get(i), starts.get(i), out);
        }
    }

    private List<Path> files() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(file -> file.getFileName().toString().matches("log(\\.\\d+)?"))
                    .sorted(Comparator.comparingInt(ContainerLog::age))
                    .toList();
        }
    }

    private static int age(Path file) {
        String name = file.getFileName().toString();
        return name.equals("log") ? 0 : Integer.parseInt(name.substring("log.".length()));
    }

    private record Tail(long start, long lines) {}

    /** Where the last lines of a file begin, found from its end, so that a long log costs no more than what is asked for. */
    private static Tail tail(Path path, long wanted) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            long length = file.length();
            long found = 0;
            byte[] block = new byte[BLOCK];
            for (long end = length; end > 0; ) {
                long begin = Math.max(0, end - BLOCK);
                int size = (int) (end - begin);
                file.seek(begin);
                file.readFully(block, 0, size);
                for (int i = size - 1; i >= 0; i--) {
                    boolean lineEnd = block[i] == '\n' && begin + i < length - 1;
                    if (lineEnd && ++found == wanted) {
                        return new Tail(begin + i + 1, found);
                    }
                }
                end = begin;
            }
            return new Tail(0, length == 0 ? 0 : found + 1);
        }
    }

    private static void copy(Path path, long start, OutputStream out) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            file.seek(start);
            InputStream in = Channels.newInputStream(file.getChannel());
            in.transferTo(out);
        }
    }
}
