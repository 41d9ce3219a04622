package io.nacre.nova;

import io.nacre.base.Fault;
import io.nacre.contracts.node.ComputeNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A host that holds guests in memory and can be told to fail or to wait. */
final class FakeNode implements ComputeNode {
    final Map<String, PowerState> guests = new ConcurrentHashMap<>();
    final Map<String, GuestSpec> specs = new ConcurrentHashMap<>();
    private final String host;

    /** What the next spawns say instead of working. */
    volatile @Nullable String broken;

    /** What spawns wait for. */
    volatile @Nullable CountDownLatch gate;

    FakeNode(String host) {
        this.host = host;
    }

    @Override
    public HostReport report() {
        return new HostReport(
                "fake",
                1000,
                host,
                "127.0.0.1",
                8,
                16384,
                512,
                100,
                100,
                Map.of("arch", "x86_64"),
                List.of("COMPUTE_NODE"),
                Instant.parse("2026-01-01T00:00:00Z"),
                "0.00, 0.00, 0.00");
    }

    @Override
    public GuestReport spawn(GuestSpec spec) {
        CountDownLatch wait = gate;
        if (wait != null) {
            try {
                wait.await();
            } catch (InterruptedException e) {
                throw Fault.unavailable("interrupted").because(e);
            }
        }
        if (broken != null) {
            throw Fault.internal(broken);
        }
        guests.put(spec.guestId(), PowerState.RUNNING);
        specs.put(spec.guestId(), spec);
        return report(spec.guestId());
    }

    @Override
    public void destroy(GuestRef guest) {
        guests.remove(guest.guestId());
        specs.remove(guest.guestId());
    }

    @Override
    public GuestReport power(PowerCommand command) {
        if (!guests.containsKey(command.guestId())) {
            throw Fault.notFound("Guest " + command.guestId() + " is not here.");
        }
        guests.put(
                command.guestId(),
                switch (command.action()) {
                    case START, REBOOT_SOFT, REBOOT_HARD, UNPAUSE, RESUME -> PowerState.RUNNING;
                    case STOP -> PowerState.SHUTDOWN;
                    case PAUSE -> PowerState.PAUSED;
                    case SUSPEND -> PowerState.SUSPENDED;
                });
        return report(command.guestId());
    }

    private GuestReport report(String id) {
        return new GuestReport(id, guests.getOrDefault(id, PowerState.NOSTATE), null);
    }

    @Override
    public Guests guests() {
        return new Guests(guests.keySet().stream().map(this::report).toList());
    }

    @Override
    public ConsoleLog consoleLog(ConsoleLogQuery query) {
        return new ConsoleLog("one\ntwo\nthree\n");
    }

    @Override
    public ConsoleAddress console(ConsoleQuery query) {
        return new ConsoleAddress(host, "/run/guest");
    }

    @Override
    public GuestReport attachInterface(InterfaceCommand command) {
        return report(command.guestId());
    }

    @Override
    public GuestReport detachInterface(InterfaceCommand command) {
        return report(command.guestId());
    }
}
