/** Linux through the Foreign Function and Memory API. The only module with native access. */
@org.jspecify.annotations.NullMarked
module brocker.kernel {
    requires static org.jspecify;

    exports brocker.kernel;
    exports brocker.kernel.netlink;
}
