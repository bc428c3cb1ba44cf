package brocker.daemon.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brocker.spec.BrockerException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class LogReaderTest {
    private static final Instant BEGIN = Instant.parse("2026-11-23T19:25:26Z");

    private final Path directory;
    private int written;

    LogReaderTest(@TempDir Path directory) {
        this.directory = directory;
    }

    /** Keeps what it is given. */
    private static final class Kept implements LogReader.Sink {
        private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
        private final List<LogPosition> places = new ArrayList<>();
        private int gaps;

        @Override
        public void at(LogPosition position) {
            places.add(position);
        }

        @Override
        public void lines(byte[] bytes, int length) {
            lines.write(bytes, 0, length);
        }

        @Override
        public void gap() {
            gaps++;
        }

        /** What is behind the head of each line. */
        List<String> texts() {
            return lines.toString(StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.substring(line.indexOf(' ') + 10))
                    .toList();
        }
    }

    @Test
    void aLogThatIsALinkOrAPipeIsNotRead(@TempDir Path outside) throws Exception {
        Path log = directory.resolve("log");
        Files.createSymbolicLink(log, Files.writeString(outside.resolve("secret"), "secret\n"));
        assertThatThrownBy(() -> LogReader.open(directory, new LogStart.After(LogPosition.BEGIN)))
                .isInstanceOf(IOException.class);

        Files.delete(log);
        assertThat(new ProcessBuilder("mkfifo", log.toString()).start().waitFor())
                .isZero();
        assertThatThrownBy(() -> LogReader.open(directory, new LogStart.After(LogPosition.BEGIN)))
                .isInstanceOf(IOException.class);
    }

    private static String time(int second) {
        return StartSearch.text(BEGIN.plusSeconds(second));
    }

    /** The next line, a second after the one before. */
    private void write(String streamMarkAndText) {
        append(time(written++) + " " + streamMarkAndText + "\n");
    }

    private void out(String... texts) {
        for (String text : texts) {
            write("stdout F " + text);
        }
    }

    private void append(String bytes) {
        try {
            Files.writeString(directory.resolve("log"), bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** As brocker-run does it, with so many files. */
    private void turn(int files) throws IOException {
        Files.writeString(directory.resolve("log.next"), "");
        for (int i = files - 1; i >= 1; i--) {
            Path from = directory.resolve(i == 1 ? "log" : "log." + (i - 1));
            if (Files.exists(from)) {
                Files.move(from, directory.resolve("log." + i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.move(directory.resolve("log.next"), directory.resolve("log"), StandardCopyOption.REPLACE_EXISTING);
    }

    private static LogStart tail(int lines) {
        return new LogStart.Lines(Optional.of(lines), Optional.empty());
    }

    private static LogStart all() {
        return new LogStart.Lines(Optional.empty(), Optional.empty());
    }

    private static LogStart since(int second) {
        return new LogStart.Lines(Optional.empty(), Optional.of(BEGIN.plusSeconds(second)));
    }

    private List<String> read(LogStart start) throws IOException {
        Kept kept = new Kept();
        try (LogReader reader = LogReader.open(directory, start)) {
            drain(reader, kept);
            reader.finish(kept);
        }
        assertThat(kept.gaps).isZero();
        return kept.texts();
    }

    private static void drain(LogReader reader, Kept kept) throws IOException {
        while (reader.read(kept)) {
            // Until nothing more is there.
        }
    }

    @Test
    void tailGoesBackThroughTheRotatedFiles() throws IOException {
        out("1");
        turn(4);
        out("2", "3");
        turn(4);
        out("4");
        turn(4);
        out("5", "6");
        Files.writeString(directory.resolve("exit"), "code 0\n");
        Files.writeString(directory.resolve("log.gz"), "x\n");

        List<String> all = List.of("1", "2", "3", "4", "5", "6");
        for (int lines = 0; lines <= 6; lines++) {
            assertThat(read(tail(lines))).isEqualTo(all.subList(6 - lines, 6));
        }
        assertThat(read(tail(7))).isEqualTo(all);
        assertThat(read(all())).isEqualTo(all);
    }

    @Test
    void emptyNewestFileIsPassedOver() throws IOException {
        out("a", "b");
        turn(2);

        assertThat(read(tail(1))).containsExactly("b");
        assertThat(read(tail(2))).containsExactly("a", "b");
        assertThat(read(tail(0))).isEmpty();
    }

    @Test
    void partsOfALongLineAreOneLine() throws IOException {
        out("before");
        write("stderr P e1");
        write("stdout P o1");
        write("stdout P o2");
        write("stdout F o3");
        write("stdout F last");

        assertThat(read(tail(2))).containsExactly("o1", "o2", "o3", "last");
        assertThat(read(tail(1))).containsExactly("last");
        assertThat(read(since(3))).containsExactly("last");
        assertThat(read(since(2))).containsExactly("o1", "o2", "o3", "last");
    }

    @Test
    void sinceFindsTheFileAndTheLine() throws IOException {
        for (int i = 0; i < 9; i++) {
            out(String.valueOf(i));
            if (i % 3 == 2) {
                turn(4);
            }
        }
        for (int second = 0; second < 9; second++) {
            List<String> expected = new ArrayList<>();
            for (int i = second; i < 9; i++) {
                expected.add(String.valueOf(i));
            }
            assertThat(read(since(second))).isEqualTo(expected);
        }
        assertThat(read(since(-1))).hasSize(9);
        assertThat(read(since(9))).isEmpty();
        assertThat(read(new LogStart.Lines(Optional.of(2), Optional.of(BEGIN.plusSeconds(3)))))
                .containsExactly("7", "8");
        assertThat(read(new LogStart.Lines(Optional.of(5), Optional.of(BEGIN.plusSeconds(7)))))
                .containsExactly("7", "8");
    }

    @Test
    void longLinesAreFoundAcrossBlocks() throws IOException {
        String giant = "x".repeat(16 << 10);
        for (int i = 0; i < 64; i++) {
            write("stdout " + (i == 63 ? "F " : "P ") + giant);
        }
        out("after");
        assertThat(String.join("", read(tail(2)))).hasSize((1 << 20) + 5);
        assertThat(read(tail(1))).containsExactly("after");
    }

    @Test
    void whatIsNoLineOfOursIsShown() throws IOException {
        append("\n\na\n");
        assertThat(readRaw(tail(1))).isEqualTo("a\n");
        assertThat(readRaw(tail(2))).isEqualTo("\na\n");
        append("torn");
        assertThat(readRaw(all())).isEqualTo("\n\na\ntorn");
        assertThat(readRaw(tail(1))).isEqualTo("torn");
    }

    private String readRaw(LogStart start) throws IOException {
        Kept kept = new Kept();
        try (LogReader reader = LogReader.open(directory, start)) {
            drain(reader, kept);
            reader.finish(kept);
        }
        return kept.lines.toString(StandardCharsets.UTF_8);
    }

    @Test
    void missingLogIsEmptyUntilThereIsOne() throws IOException {
        Kept kept = new Kept();
        try (LogReader reader = LogReader.open(directory.resolve("none"), tail(10))) {
            assertThat(reader.read(kept)).isFalse();
        }
        try (LogReader reader = LogReader.open(directory, tail(0))) {
            assertThat(reader.read(kept)).isFalse();
            assertThat(reader.position()).isEqualTo(LogPosition.BEGIN);
            out("first");
            drain(reader, kept);
        }
        assertThat(kept.texts()).containsExactly("first");
    }

    @Test
    void followingGoesThroughRotations() throws IOException {
        Kept kept = new Kept();
        List<String> expected = new ArrayList<>();
        try (LogReader reader = LogReader.open(directory, all())) {
            for (int i = 0; i < 50; i++) {
                out("line " + i);
                expected.add("line " + i);
                if (i % 4 == 0) {
                    turn(3);
                }
                if (i % 7 == 0) {
                    drain(reader, kept);
                }
            }
            drain(reader, kept);
        }
        assertThat(kept.texts()).isEqualTo(expected);
        assertThat(kept.gaps).isZero();
    }

    @Test
    void anotherReaderGoesOnWhereOneStopped() throws IOException {
        List<String> expected = new ArrayList<>();
        Kept kept = new Kept();
        LogPosition position = LogPosition.BEGIN;
        for (int i = 0; i < 60; i++) {
            out("line " + i);
            expected.add("line " + i);
            if (i % 5 == 0) {
                turn(4);
            }
            if (i % 3 == 0) {
                try (LogReader reader = LogReader.open(directory, new LogStart.After(position))) {
                    drain(reader, kept);
                    position = LogPosition.parse(reader.position().toString());
                }
            }
        }
        try (LogReader reader = LogReader.open(directory, new LogStart.After(position))) {
            drain(reader, kept);
        }
        assertThat(kept.texts()).isEqualTo(expected);
        assertThat(kept.gaps).isZero();
    }

    @Test
    void readerThatIsTooSlowFinishesItsFileAndIsToldOfTheGap() throws IOException {
        Kept kept = new Kept();
        try (LogReader reader = LogReader.open(directory, all())) {
            out("1");
            drain(reader, kept);
            out("2");
            for (int i = 3; i < 7; i++) {
                turn(2);
                out(String.valueOf(i));
            }
            drain(reader, kept);
        }
        assertThat(kept.texts()).containsExactly("1", "2", "5", "6");
        assertThat(kept.gaps).isEqualTo(1);

        LogPosition gone = new LogPosition(time(0), 10);
        Kept resumed = new Kept();
        try (LogReader reader = LogReader.open(directory, new LogStart.After(gone))) {
            drain(reader, resumed);
        }
        assertThat(resumed.texts()).containsExactly("5", "6");
        assertThat(resumed.gaps).isEqualTo(1);
    }

    @Test
    void lineThatIsCutOffAgainIsNeverHandedOn() throws IOException {
        Kept kept = new Kept();
        try (LogReader reader = LogReader.open(directory, all())) {
            out("1");
            append(time(1) + " stdout F to");
            drain(reader, kept);
            assertThat(kept.texts()).containsExactly("1");
            long whole = Files.readString(directory.resolve("log")).indexOf('\n') + 1L;
            try (var channel = java.nio.channels.FileChannel.open(directory.resolve("log"), StandardOpenOption.WRITE)) {
                channel.truncate(whole);
            }
            out("2");
            drain(reader, kept);
        }
        assertThat(kept.texts()).containsExactly("1", "2");
    }

    @Test
    void logThatIsTurnedWhileItIsReadIsReadWhole() throws Exception {
        int lines = 3000;
        AtomicBoolean over = new AtomicBoolean();
        Thread writer = Thread.ofPlatform().start(() -> {
            try {
                for (int i = 0; i < lines; i++) {
                    out("line " + i);
                    if (i % 20 == 0) {
                        turn(200);
                    }
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            } finally {
                over.set(true);
            }
        });
        Kept kept = new Kept();
        try (LogReader reader = LogReader.open(directory, all())) {
            boolean last = false;
            while (!last) {
                last = over.get();
                drain(reader, kept);
            }
        }
        writer.join();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < lines; i++) {
            expected.add("line " + i);
        }
        assertThat(kept.texts()).isEqualTo(expected);
        assertThat(kept.gaps).isZero();
    }

    @Test
    void positionsAreChecked() {
        for (String wrong : List.of("", "@", "x@1", "2026@-1", "2026-11-23T19:25:26.0Z@12345678901234567890")) {
            assertThatThrownBy(() -> LogPosition.parse(wrong))
                    .isInstanceOf(BrockerException.Invalid.class)
                    .hasMessageContaining("is not a position in a log");
        }
        assertThat(LogPosition.parse("@0")).isEqualTo(LogPosition.BEGIN);
    }
}
