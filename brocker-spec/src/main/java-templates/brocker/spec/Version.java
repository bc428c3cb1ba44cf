package brocker.spec;

/** The version of Brocker that this is, from the parent {@code pom.xml}. */
public final class Version {
    public static final String CURRENT = "${project.version}";

    private Version() {}
}
