package io.nacre.compute;

import io.nacre.config.Bytes;
import io.nacre.config.Doc;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Options of a compute node. What nova decides (ratios, reserved resources, default timeouts) is not among them. */
@Doc("Guests on this host.")
public record ComputeConfig(
        @Doc("qemu runs virtual machines, fake only remembers them (for tests of everything else).")
        Kind driver,

        @Doc("How qemu runs guests: auto probes whether KVM really works here and falls back to emulation (qemu).")
        VirtType virtType,

        @Doc("Address of this host in the hypervisor list.") String myIp,

        @Doc("Network namespace of guests that start without an interface, so that they can get one later.\n"
                + "Guests with interfaces run where these are.")
        @Nullable
        String namespace,

        @Doc("How much of a guest's serial output is kept at the most; the oldest goes first.")
        Bytes consoleLog,

        @Doc("Images on this host.") Images images,
        @Doc("The fake hypervisor.") Fake fake) {

    public enum Kind {
        QEMU,
        FAKE
    }

    public enum VirtType {
        AUTO,
        KVM,
        QEMU
    }

    public record Images(
            @Doc("Larger images are refused.") Bytes largest,

            @Doc("Images that no guest uses are removed, oldest first, while all together are larger than this.")
            Bytes cache,

            @Doc("Images that no guest has used for this long are removed.")
            Duration unusedAge,

            @Doc("A download that receives nothing for this long has failed.")
            Duration stall,

            @Doc("A download that takes longer than this has failed.")
            Duration timeout) {}

    public record Fake(
            @Doc("Processors of the host.") int vcpus,
            @Doc("Memory of the host.") Bytes memory,
            @Doc("Disk of the host.") Bytes disk,
            @Doc("How long each command takes.") Duration delay,

            @Doc("Whether images are really downloaded and checked.")
            boolean download) {}

    public static final ComputeConfig DEFAULTS = new ComputeConfig(
            Kind.QEMU,
            VirtType.AUTO,
            "127.0.0.1",
            null,
            Bytes.ofMiB(1),
            new Images(
                    Bytes.ofGiB(1024),
                    Bytes.ofGiB(100),
                    Duration.ofDays(1),
                    Duration.ofSeconds(60),
                    Duration.ofHours(2)),
            new Fake(1000, Bytes.ofGiB(8000), Bytes.ofGiB(600_000), Duration.ZERO, false));

    public ComputeConfig {
        if (consoleLog.count() < 64 * 1024) {
            throw new IllegalArgumentException("console_log must be at least 64 KiB");
        }
    }

    public ComputeConfig with(Kind kind) {
        return new ComputeConfig(kind, virtType, myIp, namespace, consoleLog, images, fake);
    }

    public ComputeConfig with(Fake host) {
        return new ComputeConfig(driver, virtType, myIp, namespace, consoleLog, images, host);
    }

    public ComputeConfig with(Images limits) {
        return new ComputeConfig(driver, virtType, myIp, namespace, consoleLog, limits, fake);
    }

    /** The same with another network namespace. */
    public ComputeConfig in(String namespace) {
        return new ComputeConfig(driver, virtType, myIp, namespace, consoleLog, images, fake);
    }

    public ComputeConfig with(VirtType type) {
        return new ComputeConfig(driver, type, myIp, namespace, consoleLog, images, fake);
    }
}
