package io.nacre.nova.scheduler.weigher;

import io.nacre.nova.scheduler.Snapshot;
import io.nacre.nova.scheduler.Wanted;
import java.util.List;

/** How good a host is for a server, in any unit: the scheduler scales it. */
@FunctionalInterface
public interface Weigher {
    double weigh(Snapshot.Host host, Wanted wanted);

    Weigher FREE_RAM = (host, wanted) -> host.freeRamMiB();
    Weigher FREE_CPU = (host, wanted) -> host.freeVcpus();
    Weigher FREE_DISK = (host, wanted) -> host.freeDiskGiB();

    /** Members of a group with soft affinity draw, those with soft anti-affinity push away. */
    Weigher SOFT_GROUP = (host, wanted) -> {
        Wanted.Group group = wanted.group();
        if (group == null) {
            return 0;
        }
        int members = group.members().getOrDefault(host.name(), 0);
        return switch (group.policy()) {
            case "soft-affinity" -> members;
            case "soft-anti-affinity" -> -members;
            default -> 0;
        };
    };

    List<Weigher> STANDARD = List.of(FREE_RAM, FREE_CPU, FREE_DISK, SOFT_GROUP);
}
