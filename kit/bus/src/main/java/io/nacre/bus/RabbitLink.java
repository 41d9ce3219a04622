package io.nacre.bus;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Address;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a session with the broker up, and in each new one establishes again all that is registered. */
final class RabbitLink {
    private static final Logger LOG = LoggerFactory.getLogger(RabbitLink.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final int CLOSE_MILLIS = 5_000;

    private final RabbitConfig config;
    private final ConnectionFactory factory;
    private final List<Registered> registrations = new ArrayList<>();
    private final Thread keeper;
    private volatile @Nullable RabbitSession current;
    private volatile boolean closed;
    private volatile String complaint = "";

    /** Something that goes on over all sessions until it is removed. */
    interface Registered {
        void establish(RabbitSession session) throws IOException;

        /** No message may start after this; the session may have ended. */
        void end();
    }

    RabbitLink(RabbitConfig config) {
        this.config = config;
        this.factory = RabbitFactory.of(config);
        factory.setSharedExecutor(Executors.newVirtualThreadPerTaskExecutor());
        try {
            connect();
        } catch (IOException | TimeoutException | ShutdownSignalException e) {
            if (isRefusal(e)) {
                throw new IllegalStateException(
                        "RabbitMQ at " + config.hosts() + " refuses the account '" + config.user()
                                + "' or its virtual host '" + config.virtualHost() + "'",
                        e);
            }
            notConnected(e);
        }
        keeper = Thread.ofVirtual().name("rabbit " + config.hosts()).start(this::keep);
    }

    private static boolean isRefusal(Exception e) {
        return e instanceof AuthenticationFailureException
                || (e.getCause() instanceof ShutdownSignalException signal
                        && signal.getReason() instanceof AMQP.Connection.Close close
                        && close.getReplyCode() == AMQP.NOT_ALLOWED);
    }

    private void keep() {
        Duration pause = FIRST_PAUSE;
        try {
            while (!closed) {
                RabbitSession session = current;
                if (session != null) {
                    long start = System.nanoTime();
                    session.awaitEnd();
                    current = null;
                    if (closed) {
                        return;
                    }
                    LOG.warn("the connection to RabbitMQ was lost: {}", session.reason());
                    // One that does not last must not be made again and again without rest.
                    if (System.nanoTime() - start > LONGEST_PAUSE.toNanos()) {
                        pause = FIRST_PAUSE;
                    }
                }
                Thread.sleep(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
                reconnect();
            }
        } catch (InterruptedException e) {
            LOG.debug("no longer connecting to RabbitMQ");
        }
    }

    private void reconnect() {
        if (closed) {
            return;
        }
        try {
            connect();
            LOG.info("connected to RabbitMQ");
            complaint = "";
        } catch (IOException | TimeoutException | ShutdownSignalException e) {
            notConnected(e);
        } catch (RuntimeException e) {
            // Whatever it is, giving up for good would be worse than trying on.
            LOG.error("connecting to RabbitMQ at {} failed", config.hosts(), e);
        }
    }

    /** Says it once, not every few seconds. */
    private void notConnected(Exception e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        if (!complaint.equals(cause.toString())) {
            complaint = cause.toString();
            LOG.warn("RabbitMQ at {} cannot be reached, trying on: {}", config.hosts(), complaint);
        }
    }

    private void connect() throws IOException, TimeoutException {
        List<Address> addresses =
                config.hosts().stream().map(Address::parseAddress).toList();
        Connection connection = factory.newConnection(addresses, "nacre");
        try {
            adopt(new RabbitSession(connection, config));
        } catch (IOException | RuntimeException e) {
            connection.abort(CLOSE_MILLIS);
            throw e;
        }
    }

    private synchronized void adopt(RabbitSession session) throws IOException {
        if (closed) {
            session.close(CLOSE_MILLIS);
            return;
        }
        for (Registered registered : registrations) {
            registered.establish(session);
        }
        current = session;
        notifyAll();
    }

    /** The session, for which a lost connection is waited for. */
    RabbitSession session(Duration patience) {
        RabbitSession session = current;
        if (session != null && session.isUp()) {
            return session.unlessBlocked();
        }
        try {
            return next(System.nanoTime() + patience.toNanos()).unlessBlocked();
        } catch (InterruptedException e) {
            throw Faults.interrupted("the broker", "the connection");
        }
    }

    private synchronized RabbitSession next(long end) throws InterruptedException {
        while (true) {
            RabbitSession session = current;
            if (session != null && session.isUp()) {
                return session;
            }
            long left = (end - System.nanoTime()) / 1_000_000;
            if (closed || left <= 0) {
                throw Faults.unavailable(
                        closed
                                ? "the bus is closed"
                                : "there is no connection to RabbitMQ at " + config.hosts() + ": " + complaint);
            }
            wait(left);
        }
    }

    Optional<RabbitSession> sessionIfUp() {
        return Optional.ofNullable(current).filter(RabbitSession::isUp);
    }

    /** In effect when this returns, or else as soon as there is a connection. */
    synchronized void add(Registered registered) {
        if (closed) {
            throw Faults.unavailable("the bus is closed");
        }
        registrations.add(registered);
        RabbitSession session = current;
        if (session != null && session.isUp()) {
            try {
                registered.establish(session);
            } catch (IOException | ShutdownSignalException e) {
                session.fail("could not establish " + registered + ": " + e);
            }
        }
    }

    synchronized void remove(Registered registered) {
        registrations.remove(registered);
        registered.end();
    }

    void close() {
        List<Registered> ending;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            ending = List.copyOf(registrations);
            registrations.clear();
            notifyAll();
        }
        ending.forEach(Registered::end);
        keeper.interrupt();
        RabbitSession session = current;
        if (session != null) {
            session.close(CLOSE_MILLIS);
        }
    }
}
