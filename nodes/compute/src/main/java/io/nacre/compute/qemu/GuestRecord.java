package io.nacre.compute.qemu;

import io.nacre.contracts.node.ComputeNode.GuestSpec;
import io.nacre.contracts.node.ComputeNode.PowerState;
import io.nacre.contracts.node.ComputeNode.Vif;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What is written down of a guest, in its {@code guest.json}.
 *
 * @param complete false until the guest has run for the first time; what is found so after a restart is removed
 * @param machine with its version, the same for the guest's whole life
 * @param imageBytes virtual size of the image; 0 without one
 * @param state as it was when somebody last changed it
 * @param namespace network namespace the process was started in; null for the host's own
 */
record GuestRecord(
        GuestSpec spec,
        boolean complete,
        String machine,
        long imageBytes,
        PowerState state,
        List<Nic> nics,
        @Nullable String namespace) {

    /** The most interfaces a guest can have: as many as slots are kept free for them. */
    static final int NICS = 16;

    /** @param slot which of the guest's places for network cards this one has; it keeps it across restarts */
    record Nic(int slot, Vif vif) {}

    String id() {
        return spec.guestId();
    }

    List<Vif> vifs() {
        return nics.stream().map(Nic::vif).toList();
    }

    boolean q35() {
        return machine.contains("q35");
    }

    GuestRecord with(PowerState next) {
        return new GuestRecord(spec, complete, machine, imageBytes, next, nics, namespace);
    }

    GuestRecord finished() {
        return new GuestRecord(spec, true, machine, imageBytes, PowerState.RUNNING, nics, namespace);
    }

    GuestRecord in(@Nullable String namespace) {
        return new GuestRecord(spec, complete, machine, imageBytes, state, nics, namespace);
    }

    /** These interfaces and no others; those that are known keep their slots. Null when there are too many. */
    @Nullable
    GuestRecord with(List<Vif> vifs) {
        List<Nic> next = new ArrayList<>();
        for (Vif vif : vifs) {
            nics.stream()
                    .filter(nic -> nic.vif().portId().equals(vif.portId()))
                    .findFirst()
                    .ifPresent(nic -> next.add(new Nic(nic.slot(), vif)));
        }
        for (Vif vif : vifs) {
            if (next.stream().noneMatch(nic -> nic.vif().portId().equals(vif.portId()))) {
                int slot = IntStream.range(0, NICS)
                        .filter(free -> next.stream().noneMatch(nic -> nic.slot() == free))
                        .findFirst()
                        .orElse(-1);
                if (slot < 0) {
                    return null;
                }
                next.add(new Nic(slot, vif));
            }
        }
        next.sort((one, other) -> Integer.compare(one.slot(), other.slot()));
        return new GuestRecord(spec, complete, machine, imageBytes, state, List.copyOf(next), namespace);
    }

    @Nullable
    Nic nic(String portId) {
        return nics.stream()
                .filter(nic -> nic.vif().portId().equals(portId))
                .findFirst()
                .orElse(null);
    }
}
