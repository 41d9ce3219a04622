package io.nacre.compute.qemu;

import io.nacre.base.Fault;
import io.nacre.contracts.node.ComputeNode.Vif;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/**
 * Network cards that come and go while the guest runs. The record says what is wanted, QEMU what is there; each command
 * makes both agree, so one that was interrupted may simply be repeated.
 */
final class NicPlug {
    private static final Duration ANSWER = Duration.ofSeconds(5);
    /** A guest that is booting, or busy, lets go of a card late; the request must then be made again. */
    private static final int TRIES = 6;

    private NicPlug() {}

    static void plug(QemuGuest guest, Vif vif, boolean running) {
        QemuArguments.nicModel(vif);
        if (running && !Objects.equals(vif.namespace(), guest.record().namespace())) {
            throw Fault.conflict("The guest runs in another network namespace than the interface."
                    + " It can have this interface after a hard reboot.");
        }
        TapDevices.check(List.of(vif));
        GuestRecord before = guest.record();
        List<Vif> vifs = new ArrayList<>(without(before, vif));
        vifs.add(vif);
        GuestRecord next = before.with(vifs);
        GuestRecord.Nic nic = next == null ? null : next.nic(vif.portId());
        if (next == null || nic == null) {
            throw Fault.conflict("The guest has " + GuestRecord.NICS + " interfaces already.");
        }
        guest.write(next);
        if (!running || present(guest, vif)) {
            return;
        }
        try {
            remove(guest, vif);
            guest.command("netdev_add", QemuArguments.netdev(nic, guest.kvm()));
            guest.command("device_add", QemuArguments.device(nic, next.q35()));
        } catch (QmpError e) {
            remove(guest, vif);
            guest.write(before);
            throw Fault.internal("The interface could not be plugged: " + QemuProcess.plain(e.getMessage() + ""))
                    .because(e);
        }
    }

    static void unplug(QemuGuest guest, Vif vif, boolean running) {
        if (running) {
            if (present(guest, vif)) {
                release(guest, vif);
            }
            remove(guest, vif);
        }
        GuestRecord next = guest.record().with(without(guest.record(), vif));
        if (next != null) {
            guest.write(next);
        }
    }

    private static void release(QemuGuest guest, Vif vif) {
        String id = QemuArguments.deviceId(vif.portId());
        for (int i = 0; i < TRIES; i++) {
            Qmp.Expected deleted = guest.expect("DEVICE_DELETED", id);
            try {
                guest.command("device_del", Map.of("id", id));
            } catch (QmpError e) {
                // asked already and not yet let go, or gone this moment
                if (!present(guest, vif)) {
                    return;
                }
            }
            if (deleted.await(ANSWER) || !present(guest, vif)) {
                return;
            }
        }
        throw Fault.internal("The guest does not let go of the interface.");
    }

    private static void remove(QemuGuest guest, Vif vif) {
        try {
            guest.command("netdev_del", Map.of("id", QemuArguments.netdevId(vif.portId())));
        } catch (QmpError e) {
            // not there, which is what is wanted
            return;
        }
    }

    private static boolean present(QemuGuest guest, Vif vif) {
        JsonNode devices = guest.command("qom-list", Map.of("path", "/machine/peripheral"));
        String id = QemuArguments.deviceId(vif.portId());
        for (JsonNode device : devices) {
            if (device.path("name").asString("").equals(id)) {
                return true;
            }
        }
        return false;
    }

    private static List<Vif> without(GuestRecord record, Vif vif) {
        return record.vifs().stream()
                .filter(other -> !other.portId().equals(vif.portId()))
                .toList();
    }
}
