package io.nacre.compute;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.compute.fake.FakeDriver;
import io.nacre.compute.image.CachedImage;
import io.nacre.compute.image.ImageCache;
import io.nacre.compute.qemu.QemuDriver;
import io.nacre.contracts.event.GuestChanged;
import io.nacre.contracts.node.ComputeNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The guests of one host. Commands for one guest run one after the other, for different guests at once. The state
 * each guest was last seen in is remembered; a driver only says that something happened to a guest, and what differs
 * then is news. So no event of a command that was given here is ever mistaken for news, and none gets lost.
 */
public final class Compute implements ComputeNode, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Compute.class);
    private static final Duration SWEEP_EVERY = Duration.ofMinutes(5);

    private final Host host;
    private final HypervisorDriver driver;
    private final ImageCache images;
    private final Consumer<GuestChanged> changed;
    private final GuestLocks locks = new GuestLocks();
    private final Map<String, PowerState> known = new ConcurrentHashMap<>();
    private final Map<String, AtomicBoolean> spawning = new ConcurrentHashMap<>();
    private final Thread sweeper;
    private volatile boolean closed;

    /** Takes up the guests that are there; news of what happened meanwhile is told before this returns. */
    public static Compute start(
            ComputeConfig config, Path state, String host, InstantSource clock, Consumer<GuestChanged> changed) {
        HypervisorDriver driver = switch (config.driver()) {
            case QEMU -> QemuDriver.open(config, state, clock);
            case FAKE -> FakeDriver.open(config.fake(), state, clock);
        };
        return start(config, driver, state, host, clock, changed);
    }

    /** {@link #start} with a driver made elsewhere, such as a fake one whose controls a test holds. */
    public static Compute start(
            ComputeConfig config,
            HypervisorDriver driver,
            Path state,
            String host,
            InstantSource clock,
            Consumer<GuestChanged> changed) {
        ImageCache images = new ImageCache(state.resolve("images"), config.images(), clock);
        boolean fetch =
                config.driver() != ComputeConfig.Kind.FAKE || config.fake().download();
        Compute compute = new Compute(new Host(host, config.myIp(), fetch), driver, images, changed);
        for (HypervisorDriver.Adopted guest : driver.adopt(compute::stirred)) {
            compute.known.put(guest.now().guestId(), guest.before());
            compute.observe(guest.now().guestId());
        }
        compute.sweeper.start();
        return compute;
    }

    /** @param fetchImages false for a fake that does without */
    private record Host(String name, String ip, boolean fetchImages) {}

    private Compute(Host host, HypervisorDriver driver, ImageCache images, Consumer<GuestChanged> changed) {
        this.host = host;
        this.driver = driver;
        this.images = images;
        this.changed = changed;
        this.sweeper = Thread.ofVirtual().name("image-sweep").unstarted(this::sweep);
    }

    @Override
    public HostReport report() {
        return driver.report(host.name(), host.ip());
    }

    @Override
    public GuestReport spawn(GuestSpec spec) {
        Specs.check(spec);
        String id = spec.guestId();
        return locks.with(id, () -> {
            AtomicBoolean abandoned = new AtomicBoolean();
            spawning.put(id, abandoned);
            try (CachedImage image = image(spec, abandoned)) {
                return remember(driver.spawn(spec, image));
            } finally {
                spawning.remove(id);
            }
        });
    }

    private @Nullable CachedImage image(GuestSpec spec, AtomicBoolean abandoned) {
        return spec.image() == null || !host.fetchImages() ? null : images.fetch(spec.image(), abandoned::get);
    }

    @Override
    public void destroy(GuestRef guest) {
        String id = Specs.guestId(guest.guestId());
        // a spawn that still waits for its image need not be waited for, but must not come after this either
        AtomicBoolean spawn = spawning.get(id);
        if (spawn != null) {
            spawn.set(true);
        }
        locks.with(id, () -> {
            driver.destroy(id);
            return Objects.requireNonNullElse(known.remove(id), PowerState.NOSTATE);
        });
    }

    @Override
    public GuestReport power(PowerCommand command) {
        command.vifs().forEach(Specs::check);
        return change(command.guestId(), now -> switch (PowerTable.verdict(now.state(), command.action())) {
            case DONE -> now;
            case GO -> driver.power(command);
            case REFUSED ->
                throw Fault.conflict(
                        "Cannot " + name(command.action()) + " a guest while it is " + name(now.state()) + ".");
        });
    }

    /** Runs a command on a guest that must be here; after a failure the guest is looked at for what became of it. */
    private GuestReport change(String guestId, UnaryOperator<GuestReport> command) {
        return locks.with(Specs.guestId(guestId), () -> {
            GuestReport now = require(guestId);
            try {
                return remember(command.apply(now));
            } catch (FaultException e) {
                stirred(guestId);
                throw e;
            }
        });
    }

    @Override
    public Guests guests() {
        Map<String, GuestReport> found = new ConcurrentSkipListMap<>();
        List<Thread> asking = new ArrayList<>();
        for (String id : known.keySet()) {
            // side by side, so that guests that do not answer are waited for together
            asking.add(Thread.ofVirtual().name("find-" + id).start(() -> {
                GuestReport guest = driver.find(id);
                if (guest != null) {
                    found.put(id, guest);
                }
            }));
        }
        try {
            for (Thread thread : asking) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.unavailable("The agent is stopping.").because(e);
        }
        return new Guests(List.copyOf(found.values()));
    }

    @Override
    public ConsoleLog consoleLog(ConsoleLogQuery query) {
        require(query.guestId());
        if (query.lines() != null && query.lines() < 0) {
            throw Fault.invalid("The number of lines is not negative.");
        }
        return new ConsoleLog(driver.consoleLog(query.guestId(), query.lines()));
    }

    @Override
    public ConsoleAddress console(ConsoleQuery query) {
        GuestReport guest = require(query.guestId());
        if (!query.protocol().equals("vnc") && !query.protocol().equals("serial")) {
            throw Fault.invalid("A guest's console is reached by vnc or serial.");
        }
        if (guest.state() != PowerState.RUNNING && guest.state() != PowerState.PAUSED) {
            throw Fault.conflict("A guest that is " + name(guest.state()) + " has no console.");
        }
        return new ConsoleAddress(
                host.name(), driver.console(query.guestId(), query.protocol()).toString());
    }

    @Override
    public GuestReport attachInterface(InterfaceCommand command) {
        Specs.check(command.vif());
        return change(command.guestId(), now -> driver.attach(command.guestId(), command.vif()));
    }

    @Override
    public GuestReport detachInterface(InterfaceCommand command) {
        Specs.check(command.vif());
        return change(command.guestId(), now -> driver.detach(command.guestId(), command.vif()));
    }

    private GuestReport require(String id) {
        GuestReport guest = driver.find(Specs.guestId(id));
        if (guest == null) {
            throw Fault.notFound("Instance " + id + " could not be found on this host.");
        }
        return guest;
    }

    private GuestReport remember(GuestReport report) {
        known.put(report.guestId(), report.state());
        return report;
    }

    private void stirred(String id) {
        if (!closed) {
            Thread.ofVirtual().name("observe-" + id).start(() -> observe(id));
        }
    }

    private void observe(String id) {
        GuestReport news = locks.with(id, () -> {
            PowerState before = known.get(id);
            GuestReport now = before == null ? null : driver.find(id);
            if (now == null) {
                known.remove(id);
                return null;
            }
            return remember(now).state() == before ? null : now;
        });
        if (news != null && !closed) {
            LOG.info("Guest {} is {} now{}", id, news.state(), news.reason() == null ? "" : ": " + news.reason());
            changed.accept(new GuestChanged(host.name(), news));
        }
    }

    private void sweep() {
        try {
            while (true) {
                Thread.sleep(SWEEP_EVERY);
                sweepImages();
            }
        } catch (InterruptedException e) {
            LOG.debug("No more sweeps", e);
        }
    }

    /** Removes images that nobody has needed for long; done now and then anyway. */
    public void sweepImages() {
        try {
            images.sweep(driver::imagesInUse);
        } catch (FaultException e) {
            LOG.warn("Unused images could not be removed", e);
        }
    }

    private static String name(PowerState state) {
        return switch (state) {
            case SHUTDOWN -> "shut down";
            case NOSTATE -> "not answering";
            case RUNNING, PAUSED, CRASHED, SUSPENDED -> state.name().toLowerCase(Locale.ROOT);
        };
    }

    private static String name(PowerAction action) {
        return action.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Ends this agent's part; the guests go on running and are taken up again by the next {@link #start}. */
    @Override
    public void close() {
        closed = true;
        sweeper.interrupt();
        images.close();
        driver.close();
    }
}
