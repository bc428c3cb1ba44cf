package brocker.runtime.cgroup;

import brocker.kernel.Device;
import brocker.kernel.DeviceFilter;
import brocker.kernel.Fd;
import brocker.kernel.KernelException;
import brocker.kernel.Linux;
import brocker.spec.BrockerException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Restricts containers to the standard devices, by the group above all containers', which binds every group below it. */
sealed interface Devices {
    /** Lets the containers, also those that run, open and make the standard devices alone. */
    void restrict();

    /** Whether the restriction is in force. */
    boolean isRestricted();

    /**
     * Checks that this host can restrict devices.
     *
     * @throws BrockerException.Host with the reason
     */
    void require();

    private static BrockerException.Host lacking(String reason) {
        return new BrockerException.Host("no-device-control", reason, "");
    }

    /** The {@code devices} controller of version 1, see the kernel's {@code cgroup-v1/devices}. Groups made below begin with its list. */
    record Controller(Path top) implements Devices {
        private static final List<String> RULES =
                Stream.of(Device.values()).map(Controller::rule).toList();

        private static String rule(Device device) {
            String minor =
                    device.minor().isPresent() ? String.valueOf(device.minor().getAsInt()) : "*";
            return "c " + device.major() + ":" + minor + " rwm";
        }

        @Override
        public void restrict() {
            List<String> present = list();
            for (String rule : present) {
                // At first it is the one rule that allows everything. The kernel denies that only to a group without
                // children.
                if (!RULES.contains(rule)) {
                    GroupFiles.write(top.resolve("devices.deny"), rule);
                }
            }
            for (String rule : RULES) {
                if (!present.contains(rule)) {
                    GroupFiles.write(top.resolve("devices.allow"), rule);
                }
            }
        }

        @Override
        public boolean isRestricted() {
            return RULES.containsAll(list());
        }

        @Override
        public void require() {
            // The hierarchy is mounted, and needs nothing else.
        }

        private List<String> list() {
            return GroupFiles.read(top.resolve("devices.list")).lines().toList();
        }
    }

    /** A program on the group of version 2. */
    record Filter(Path top) implements Devices {
        @Override
        public void restrict() {
            try (DeviceFilter filter = DeviceFilter.load(List.of(Device.values()));
                    Fd group = group()) {
                filter.attach(group);
            } catch (KernelException e) {
                throw lacking("the kernel takes no device program: " + e.getMessage());
            }
        }

        @Override
        public boolean isRestricted() {
            try (Fd group = group()) {
                return DeviceFilter.isAttached(group);
            } catch (KernelException _) {
                // The kernel was built without such programs, or this process may not use them.
                return false;
            }
        }

        @Override
        public void require() {
            try (DeviceFilter _ = DeviceFilter.load(List.of(Device.values()))) {
                // It takes one.
            } catch (KernelException e) {
                throw lacking("the kernel takes no device program: " + e.getMessage());
            }
        }

        private Fd group() {
            return Linux.open(top.toString(), Linux.O_RDONLY | Linux.O_DIRECTORY, 0);
        }
    }

    /** A host of version 1 that has not mounted the controller. */
    record Absent() implements Devices {
        @Override
        public void restrict() {
            require();
        }

        @Override
        public boolean isRestricted() {
            return false;
        }

        @Override
        public void require() {
            throw lacking("the control groups of this host have no devices controller");
        }
    }
}
