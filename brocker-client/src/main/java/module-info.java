/** The command line of Brocker. */
@org.jspecify.annotations.NullMarked
module brocker.client {
    requires static org.jspecify;
    requires brocker.spec;
    requires info.picocli;
    requires jdk.unsupported;
}
