package io.nacre.contracts.node;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of a node agent that holds guests. Served on the bus at {@code compute.HOST}.
 *
 * <p>Faults: {@code NotFound} for a guest that is not here, {@code Conflict} for a command its state forbids,
 * {@code Unavailable} for a lack of disk or memory, {@code Internal} with a reason for a hypervisor that failed.
 */
public interface ComputeNode {

    /** What this host has and can do. */
    HostReport report();

    /**
     * Makes the guest's disks and starts it. A guest that is already there with the same specification is left
     * alone; what an interrupted attempt left behind is removed first.
     */
    GuestReport spawn(GuestSpec spec);

    /** Ends the guest and removes all it had here. A guest that is not here is a success. */
    void destroy(GuestRef guest);

    /** Brings the guest to the state that the action names; a guest already there is a success. */
    GuestReport power(PowerCommand command);

    /** Every guest that this host holds, whatever its state. */
    Guests guests();

    /** What the guest wrote to its serial line. */
    ConsoleLog consoleLog(ConsoleLogQuery query);

    /** Where the guest's screen or serial line can be reached from this host. */
    ConsoleAddress console(ConsoleQuery query);

    /** Plugs a further interface into a guest, running or not. */
    GuestReport attachInterface(InterfaceCommand command);

    /** Takes an interface out of a guest; one that is not there is a success. */
    GuestReport detachInterface(InterfaceCommand command);

    /**
     * @param hypervisorType as the API shows it: QEMU, KVM or fake
     * @param hypervisorVersion as the API encodes it: 7.2.22 is 7002022
     * @param cpu model, arch, vendor, topology and features, as {@code cpu_info} shows them
     * @param traits standard trait names this host offers, such as {@code COMPUTE_NODE}
     */
    record HostReport(
            String hypervisorType,
            int hypervisorVersion,
            String hypervisorHostname,
            String hostIp,
            int vcpus,
            int memoryMiB,
            int memoryUsedMiB,
            int diskGiB,
            int diskFreeGiB,
            Map<String, Object> cpu,
            List<String> traits,
            Instant bootedAt,
            String loadAverages) {}

    record GuestRef(String guestId) {}

    /**
     * All that a guest is made of.
     *
     * @param name short name for people on the host, such as instance-0000002a
     * @param rootGiB size of the root disk; 0 means as large as the image
     * @param image null when the guest boots from a volume
     * @param configDrive null when none is wanted; else file path to content
     * @param properties image properties that shape the hardware ({@code hw_*}, {@code os_*})
     */
    record GuestSpec(
            String guestId,
            String name,
            int vcpus,
            int memoryMiB,
            int rootGiB,
            int ephemeralGiB,
            int swapMiB,
            @Nullable ImageSource image,
            List<Vif> vifs,
            @Nullable Map<String, byte[]> configDrive,
            Map<String, String> properties) {}

    /**
     * Where to take an image from, and how to know that it is the right one.
     *
     * @param hash hexadecimal, of the given algorithm; null only for images without one
     * @param headers to send along, a short-lived token among them: never logged
     */
    record ImageSource(
            String imageId,
            String diskFormat,
            long size,
            String hashAlgorithm,
            @Nullable String hash,
            URI url,
            Map<String, String> headers) {
        @Override
        public String toString() {
            return "image " + imageId + " (" + diskFormat + ", " + size + " bytes)";
        }
    }

    /**
     * One network interface, already plugged by the network node of the same host.
     *
     * @param device name of the tap device
     * @param namespace network namespace that holds the device; null for the host's own
     */
    record Vif(
            String portId,
            String mac,
            String device,
            @Nullable String namespace,
            int mtu,
            String model) {}

    enum PowerState {
        NOSTATE,
        RUNNING,
        PAUSED,
        SHUTDOWN,
        CRASHED,
        SUSPENDED
    }

    enum PowerAction {
        START,
        STOP,
        REBOOT_SOFT,
        REBOOT_HARD,
        PAUSE,
        UNPAUSE,
        SUSPEND,
        RESUME
    }

    /**
     * @param grace how long STOP and REBOOT_SOFT wait for the guest before they go on hard
     * @param vifs the interfaces as they are now, for actions that start a new hypervisor process
     */
    record PowerCommand(String guestId, PowerAction action, Duration grace, List<Vif> vifs) {}

    record GuestReport(
            String guestId, PowerState state, @Nullable String reason) {}

    record Guests(List<GuestReport> guests) {}

    /** @param lines how many of the last lines; null for all that is kept */
    record ConsoleLogQuery(String guestId, @Nullable Integer lines) {}

    record ConsoleLog(String text) {}

    /** @param protocol vnc or serial */
    record ConsoleQuery(String guestId, String protocol) {}

    /** @param socket path of a unix socket on the host */
    record ConsoleAddress(String host, String socket) {}

    record InterfaceCommand(String guestId, Vif vif) {}
}
