package io.nacre.compute.fake;

import io.nacre.contracts.node.ComputeNode.GuestReport;
import io.nacre.contracts.node.ComputeNode.GuestSpec;
import io.nacre.contracts.node.ComputeNode.PowerState;
import io.nacre.contracts.node.ComputeNode.Vif;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** @param boots when it was started, the last start last; its console log is made up from these */
record FakeGuest(GuestSpec spec, PowerState state, List<Vif> vifs, List<Instant> boots) {

    GuestReport report() {
        return new GuestReport(spec.guestId(), state, null);
    }

    FakeGuest with(PowerState next) {
        return new FakeGuest(spec, next, vifs, boots);
    }

    FakeGuest with(List<Vif> next) {
        return new FakeGuest(spec, state, next, boots);
    }

    FakeGuest booted(Instant at) {
        List<Instant> all = new ArrayList<>(boots);
        all.add(at);
        // as many as a real console log of a guest that reboots all day would still show
        return new FakeGuest(
                spec, PowerState.RUNNING, vifs, List.copyOf(all.subList(Math.max(0, all.size() - 20), all.size())));
    }

    String consoleLog() {
        StringBuilder log = new StringBuilder();
        for (Instant boot : boots) {
            log.append("[    0.000000] Linux version 0.0.0-fake, booted ").append(boot);
            log.append("\n[    0.000000] Command line: console=tty0 console=ttyS0\n[    0.031415] Memory: ")
                    .append(spec.memoryMiB() * 1024L)
                    .append("K available\n[    0.100000] smp: Brought up 1 node, ")
                    .append(spec.vcpus())
                    .append(spec.vcpus() == 1 ? " CPU\n" : " CPUs\n");
            for (int i = 0; i < vifs.size(); i++) {
                log.append("[    0.500000] eth")
                        .append(i)
                        .append(": ")
                        .append(vifs.get(i).mac())
                        .append('\n');
            }
            log.append("[cloud] boot finished\n\n").append(spec.name()).append(" login: ");
        }
        return log.toString();
    }
}
