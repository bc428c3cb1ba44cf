/** One container on this host: its namespaces, root, cgroup, network, processes, log and exit. */
@org.jspecify.annotations.NullMarked
module brocker.runtime {
    requires static org.jspecify;
    requires transitive brocker.kernel;
    requires transitive brocker.spec;

    exports brocker.runtime;
    exports brocker.runtime.cgroup;
    exports brocker.runtime.network;
    exports brocker.runtime.privilege;
    exports brocker.runtime.process;
    exports brocker.runtime.tree;
}
