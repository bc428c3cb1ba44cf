package brocker.daemon.file;

import brocker.daemon.health.SpringBoot;
import brocker.daemon.port.ContainerFiles;
import brocker.daemon.record.ContainerRecord;
import brocker.kernel.Directory;
import brocker.kernel.Errno;
import brocker.kernel.Fd;
import brocker.kernel.FileName;
import brocker.kernel.KernelException;
import brocker.kernel.Linux;
import brocker.kernel.RegularFile;
import brocker.runtime.process.Credentials;
import brocker.runtime.process.ExitRecord;
import brocker.spec.Artifact;
import brocker.spec.ContainerName;
import brocker.spec.ServiceName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What containers have on the host: made before they start, read, handed over to be removed. Blocks in the kernel. Thread-safe. */
public record LocalFiles(Directories directories, Artifacts artifacts, FileRemover remover) implements ContainerFiles {
    private static final System.Logger LOG = System.getLogger(LocalFiles.class.getName());
    private static final int OPEN_TO_ALL = 0755;
    private static final int ROOT_ONLY = 0700;
    private static final int LAST_BYTES = 64 << 10;
    private static final int ATTEMPTS = 10;

    /** In the record directory of a container that an earlier Brocker made. */
    private static final String OLD_LAYERS = "tree";

    /** Makes a container's directories, with the artifacts that it is to find in {@code /app}. */
    public void prepare(ContainerRecord container, Credentials user) {
        FileName name = FileName.of(container.name().value());
        try (Directory all = Directory.open(directories.containers());
                Directory records = records()) {
            records.make(name, OPEN_TO_ALL);
            try (Directory app = all.openOrMake(name, OPEN_TO_ALL)) {
                for (Artifact artifact : container.spec().artifacts()) {
                    try (Fd file = artifacts.copyTo(artifact, app)) {
                        Owner.of(container, user).take(file);
                    }
                }
                Owner.of(container, user).take(app);
            }
        }
    }

    /** Whom files belong to, by the ids of the host. */
    private record Owner(int uid, int gid) {
        static Owner of(ContainerRecord container, Credentials user) {
            return new Owner(
                    container.users().map(users -> users.outside(user.uid())).orElse(user.uid()),
                    container.users().map(users -> users.outside(user.gid())).orElse(user.gid()));
        }

        void take(Fd file) {
            if (uid != 0 || gid != 0) {
                Linux.fchown(file, uid, gid);
            }
        }

        void take(Directory directory) {
            if (uid != 0 || gid != 0) {
                directory.own(uid, gid);
            }
        }
    }

    /** The directory in which a container with a root of its own keeps what it changes of it; made where it is not there. */
    public Path layers(ContainerRecord container) {
        Path old = directories.record(container.name()).resolve(OLD_LAYERS);
        if (Files.isDirectory(old)) {
            return old;
        }
        FileName place = FileName.of(String.valueOf(directories.layers().getFileName()));
        FileName name = FileName.of(container.name().value());
        try (Directory all = Directory.open(directories.containers())) {
            for (int attempt = 1; ; attempt++) {
                try {
                    try (Directory layers = all.openOrMake(place, ROOT_ONLY)) {
                        layers.make(name, ROOT_ONLY);
                    }
                    return directories.layers().resolve(container.name().value());
                } catch (KernelException e) {
                    // The last container that had layers was forgotten in between.
                    if (!e.errno().equals(Errno.ENOENT) || attempt == ATTEMPTS) {
                        throw e;
                    }
                }
            }
        }
    }

    @Override
    public boolean keeps(ContainerRecord container) {
        return Files.exists(directories.record(container.name())) && !remover.has(container.name());
    }

    @Override
    public void forget(ContainerName container, ServiceName service) {
        remover.handOver(container, service);
        try (Directory all = Directory.open(directories.containers())) {
            // Refused while another container has something in it.
            var _ = all.removeDirectory(
                    FileName.of(String.valueOf(directories.layers().getFileName())));
        }
    }

    @Override
    public List<String> lastLines(ContainerRecord container, int number) {
        List<String> lines = new String(end(container), StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.replaceFirst("^\\S+ \\S+ \\S ", ""))
                .toList();
        return lines.subList(Math.max(0, lines.size() - number), lines.size());
    }

    private byte[] end(ContainerRecord container) {
        try {
            Optional<FileChannel> found =
                    RegularFile.open(directories.record(container.name()).resolve("log"));
            if (found.isEmpty()) {
                // A container that never wrote has no log.
                return new byte[0];
            }
            try (FileChannel log = found.get()) {
                ByteBuffer end = ByteBuffer.allocate(LAST_BYTES);
                long from = Math.max(0, log.size() - LAST_BYTES);
                while (end.hasRemaining() && log.read(end, from + end.position()) >= 0) {
                    // Until the end, or there is no more room.
                }
                return Arrays.copyOf(end.array(), end.position());
            }
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "container \"" + container.name().abbreviated() + "\": " + e.getMessage());
            return new byte[0];
        }
    }

    @Override
    public Path logDirectory(ContainerName container) {
        return directories.record(container);
    }

    @Override
    public Optional<ExitRecord> exitRecord(ContainerName container) {
        try {
            return ExitRecord.read(directories.record(container));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "container \"" + container.abbreviated() + "\": " + e.getMessage());
            return Optional.empty();
        }
    }

    /** Whether an artifact is a Spring Boot application with the actuator. */
    public boolean hasActuator(Artifact artifact) {
        return SpringBoot.hasActuator(artifact.name(), artifacts.path(artifact));
    }

    @Override
    public List<String> problems(ServiceName service) {
        return remover.of(service);
    }

    private Directory records() {
        try {
            return Directory.open(directories.records());
        } catch (KernelException e) {
            if (!e.errno().equals(Errno.ENOENT)) {
                throw e;
            }
        }
        try {
            return Directory.open(Files.createDirectories(directories.records()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
