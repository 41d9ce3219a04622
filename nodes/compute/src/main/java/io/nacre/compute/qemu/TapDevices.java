package io.nacre.compute.qemu;

import io.nacre.base.Fault;
import io.nacre.compute.Command;
import io.nacre.contracts.node.ComputeNode.Vif;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes sure that tap devices are there before QEMU opens them: it would make a missing one by itself, connected to
 * nothing, and the guest would run without a network and without anybody knowing why.
 */
final class TapDevices {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Pattern NAME = Pattern.compile("^\\d+: ([^:@]+)[:@]", Pattern.MULTILINE);

    private TapDevices() {}

    static void check(List<Vif> vifs) {
        if (vifs.isEmpty()) {
            return;
        }
        Set<String> there = names(vifs.getFirst().namespace());
        for (Vif vif : vifs) {
            boolean plugged = there.isEmpty()
                    ? Files.exists(Path.of("/sys/class/net", vif.device()))
                    : there.contains(vif.device());
            if (!plugged) {
                throw Fault.unavailable("Port " + vif.portId() + " is not plugged on this host.");
            }
        }
    }

    /** Empty for our own namespace, whose devices have files. */
    private static Set<String> names(@Nullable String namespace) {
        if (namespace == null) {
            return Set.of();
        }
        Command.Output output = Command.run(LIMIT, List.of("ip", "-n", namespace, "-o", "link", "show"));
        if (!output.ok()) {
            throw Fault.unavailable("The network namespace of the guest is not there.");
        }
        return NAME.matcher(output.out()).results().map(found -> found.group(1)).collect(Collectors.toSet());
    }
}
