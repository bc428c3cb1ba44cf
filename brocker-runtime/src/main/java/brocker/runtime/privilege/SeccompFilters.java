package brocker.runtime.privilege;

import brocker.kernel.MissingLibraryException;
import brocker.spec.BrockerException;
import brocker.spec.Seccomp;
import brocker.spec.SeccompProfile;
import brocker.spec.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;

/** Compiled filters; those that were used last are kept. Thread-safe. */
public final class SeccompFilters {
    private static final String DEFAULT = "default-seccomp.json";
    private static final int MOST = 64;

    /** In the order of their last use. */
    private final SequencedMap<Source, String> compiled = new LinkedHashMap<>(16, 0.75f, true);

    private final SeccompCompiler compiler;

    /** What a filter is made of, and depends on. */
    private record Source(SeccompProfile profile, CapabilitySet capabilities) {}

    /** Read at the first use. */
    private static final class Standard {
        static final SeccompProfile PROFILE = read();
    }

    private SeccompFilters(SeccompCompiler compiler) {
        this.compiler = compiler;
    }

    /** For this machine. */
    public static SeccompFilters open() {
        return new SeccompFilters(new SeccompCompiler(Architecture.host(), KernelVersion.host()));
    }

    /**
     * The filter for a command with these capabilities, as hexadecimal text; none where it is unconfined.
     *
     * @throws BrockerException.Invalid when the profile cannot be followed
     * @throws BrockerException.Host when the host has no libseccomp
     */
    public Optional<String> filter(Seccomp seccomp, CapabilitySet capabilities) {
        return switch (seccomp) {
            case Seccomp.Unconfined() -> Optional.empty();
            case Seccomp.Default() -> Optional.of(compiled(new Source(Standard.PROFILE, capabilities)));
            case Seccomp.Own(SeccompProfile profile) -> Optional.of(compiled(new Source(profile, capabilities)));
            case Seccomp.InFile(String path) ->
                throw new BrockerException.Invalid(
                        "profile-not-read",
                        "\"seccomp\" is the path \"" + path + "\", and brockerd reads no files of its clients",
                        "put the profile itself there, as brocker-client does");
        };
    }

    static SeccompProfile standardProfile() {
        return Standard.PROFILE;
    }

    private static SeccompProfile read() {
        try (InputStream in = Objects.requireNonNull(SeccompFilters.class.getResourceAsStream(DEFAULT))) {
            return Json.read(DEFAULT, new String(in.readAllBytes(), StandardCharsets.UTF_8), SeccompProfile.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized String compiled(Source source) {
        String known = compiled.get(source);
        if (known != null) {
            return known;
        }
        String made = compile(source);
        compiled.put(source, made);
        if (compiled.size() > MOST) {
            compiled.pollFirstEntry();
        }
        return made;
    }

    private String compile(Source source) {
        try {
            return HexFormat.of().formatHex(compiler.compile(source.profile(), source.capabilities()));
        } catch (MissingLibraryException e) {
            throw new BrockerException.Host(
                    "seccomp-missing", "cannot filter system calls: " + e.message(), "apt-get install libseccomp2");
        }
    }
}
