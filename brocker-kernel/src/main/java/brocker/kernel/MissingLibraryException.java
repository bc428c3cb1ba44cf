package brocker.kernel;

/** The host lacks a library that was asked for. */
public final class MissingLibraryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** {@code soname} is for example {@code libseccomp.so.2}. */
    public MissingLibraryException(String soname) {
        super("there is no library \"" + soname + "\"");
    }

    /** One line, with the library in quotes. */
    public String message() {
        return String.valueOf(getMessage());
    }
}
