package brocker.client.verb;

import brocker.client.daemon.Daemon;
import brocker.client.daemon.Upload;
import brocker.client.text.Progress;
import brocker.spec.Artifact;
import brocker.spec.BrockerException;
import brocker.spec.CertifiedKey;
import brocker.spec.ContainerSpec;
import brocker.spec.Nearest;
import brocker.spec.Pem;
import brocker.spec.Seccomp;
import brocker.spec.SeccompProfile;
import brocker.spec.ServiceSpec;
import brocker.spec.Tls;
import brocker.spec.json.Json;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** A JSON file that the user wrote, and the files beside it that it names. */
record SpecFile(Path path, String text) {
    private static final Set<String> NAMING_FILES = Set.of("file", "files", "seccomp", "certificate", "key");

    /**
     * Reads the file.
     *
     * @throws BrockerException.Invalid when the file cannot be read as UTF-8
     */
    static SpecFile read(Path path) {
        try {
            return new SpecFile(path, Files.readString(path));
        } catch (NoSuchFileException e) {
            throw unreadable(path, "no such file");
        } catch (AccessDeniedException e) {
            throw unreadable(path, "permission denied");
        } catch (CharacterCodingException e) {
            throw unreadable(path, "it is not UTF-8 text");
        } catch (IOException e) {
            throw unreadable(path, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Reads the file.
     *
     * @throws BrockerException.Invalid naming file, line and key
     */
    <T> T parse(Class<T> type) {
        return Json.read(path.toString(), text, type);
    }

    /**
     * The files that go with a container; a relative one is relative to this file.
     *
     * @throws BrockerException.Invalid when one is not a readable regular file, or two would have the same name in {@code /app}
     */
    List<Path> filesToCopy(ContainerSpec container) {
        Map<String, String> byName = new LinkedHashMap<>();
        List<Path> files = new ArrayList<>();
        for (String written : container.filesToCopy()) {
            Path file = beside(written);
            requireReadable(written, file);
            String earlier = byName.put(file.getFileName().toString(), written);
            if (earlier != null) {
                String message =
                        "\"" + written + "\" and \"" + earlier + "\" would both be \"/app/" + file.getFileName() + "\"";
                throw invalid(written, message, "rename one of them");
            }
            files.add(file);
        }
        return files;
    }

    /**
     * The container with the profile itself in the place of the path of a file with one, which is relative to this file.
     *
     * @throws BrockerException.Invalid when it is not a readable regular file, or not a profile
     */
    ContainerSpec withProfile(ContainerSpec container) {
        return switch (container.seccompOrDefault()) {
            case Seccomp.InFile(String written) -> container.withSeccomp(profile(written));
            case Seccomp.Default() -> container;
            case Seccomp.Unconfined() -> container;
            case Seccomp.Own(SeccompProfile _) -> container;
        };
    }

    /**
     * The service with the certificates and keys themselves in the place of the paths of their files, which are relative to this file.
     *
     * @throws BrockerException.Invalid when one is not a readable regular file, or what is in them does not belong together
     */
    ServiceSpec withCertificates(ServiceSpec service) {
        return service.tls().isEmpty()
                ? service
                : service.withTls(service.tls().stream().map(this::withText).toList());
    }

    private Tls withText(Tls tls) {
        Tls read = new Tls(tls.hosts(), text("certificate", tls.certificate()), text("key", tls.key()));
        try {
            CertifiedKey.checked(read);
        } catch (BrockerException.Invalid e) {
            Pem wrong = e.key().equals("key") ? tls.key() : tls.certificate();
            String where = wrong instanceof Pem.InFile(String written)
                    ? place(written) + ": \"" + written + "\": "
                    : "\"" + path + "\": \"" + e.key() + "\": ";
            throw new BrockerException.Invalid(
                    e.code(), where + e.message(), e.hint().orElse(""));
        }
        return read;
    }

    private Pem text(String key, Pem pem) {
        if (!(pem instanceof Pem.InFile(String written))) {
            return pem;
        }
        Path file = beside(written);
        requireReadable(written, file);
        String text = read(file).text();
        if (!(Pem.of(text.isBlank() ? "-" : text) instanceof Pem.Text inside)) {
            throw invalid(
                    written, "\"" + written + "\" is not in PEM", "a " + key + " begins with \"" + Pem.BEGIN + "…\"");
        }
        return inside;
    }

    private SeccompProfile profile(String written) {
        Path file = beside(written);
        Nearest.to(written, List.of("default", "unconfined"))
                .filter(_ -> !Files.exists(file))
                .ifPresent(word -> {
                    throw invalid(written, "no such file: \"" + written + "\"", "did you mean \"" + word + "\"?");
                });
        requireReadable(written, file);
        return read(file).parse(SeccompProfile.class);
    }

    /** The container with the files at the daemon. */
    ContainerSpec uploaded(ContainerSpec container, List<Path> files, Daemon daemon, Progress progress) {
        Upload upload = new Upload(daemon, progress);
        List<Artifact> artifacts = files.stream().map(upload::artifact).toList();
        return container.withArtifacts(artifacts);
    }

    private Path beside(String written) {
        try {
            return path.resolveSibling(written);
        } catch (InvalidPathException e) {
            throw invalid(written, "\"" + written + "\" is not a path", "");
        }
    }

    private void requireReadable(String written, Path file) {
        String relative = Path.of(written).isAbsolute() ? "" : "a relative path is relative to the JSON file: " + file;
        if (written.isEmpty() || !Files.exists(file)) {
            throw invalid(written, "no such file: \"" + written + "\"", relative);
        }
        if (!Files.isRegularFile(file)) {
            throw invalid(written, "\"" + written + "\" is not a regular file", "");
        }
        if (!Files.isReadable(file)) {
            throw invalid(written, "cannot read \"" + written + "\": permission denied", "");
        }
    }

    private BrockerException.Invalid invalid(String written, String message, String hint) {
        return new BrockerException.Invalid("invalid-file", place(written) + ": " + message, hint);
    }

    /** Where the file is named: {@code "shop.json" line 7: "file"}. */
    private String place(String written) {
        String key = "";
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), text)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.PROPERTY_NAME) {
                    key = parser.getString();
                } else if (token == JsonToken.VALUE_STRING
                        && NAMING_FILES.contains(key)
                        && written.equals(parser.getString())) {
                    int line = parser.currentTokenLocation().getLineNr();
                    return "\"" + path + "\" line " + line + ": \"" + key + "\"";
                }
            }
        }
        return "\"" + path + "\"";
    }

    private static BrockerException.Invalid unreadable(Path path, String reason) {
        return new BrockerException.Invalid("unreadable-file", "cannot read \"" + path + "\": " + reason, "");
    }
}
