package io.nacre.cache;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import net.rubyeye.xmemcached.MemcachedClient;
import net.rubyeye.xmemcached.XMemcachedClientBuilder;
import net.rubyeye.xmemcached.exception.MemcachedException;
import net.rubyeye.xmemcached.utils.AddrUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Memcached server. While it cannot be reached, values that should have been replaced or removed there are
 * remembered, are not read any more, and are removed when it is back.
 */
final class MemcachedNode {
    private static final Logger LOG = LoggerFactory.getLogger(MemcachedNode.class);
    private static final RawBytes BYTES = new RawBytes();
    private static final int CONNECTIONS = 2;
    private static final int OWED_AT_MOST = 10_000;
    private static final int SETTLED_AT_ONCE = 50;

    private final String server;
    private final long timeout;
    private final Circuit circuit;
    private final MemcachedClient client;
    /** Names whose value at the server is older than it should be. */
    private final Set<String> owed = ConcurrentHashMap.newKeySet();

    /** Whether there were more of them than are remembered, which is said once. */
    private final AtomicBoolean forgot = new AtomicBoolean();

    /** What is asked of the server. */
    private interface Question<T> {
        T ask() throws TimeoutException, InterruptedException, MemcachedException;
    }

    MemcachedNode(String server, Duration timeout, Duration deadRetry) {
        this.server = server;
        this.timeout = timeout.toMillis();
        this.circuit = new Circuit("Memcached at " + server, deadRetry, System::nanoTime);
        XMemcachedClientBuilder builder = new XMemcachedClientBuilder(AddrUtil.getAddresses(server));
        builder.setConnectionPoolSize(CONNECTIONS);
        builder.setConnectTimeout(this.timeout);
        builder.setOpTimeout(this.timeout);
        builder.setHealSessionInterval(deadRetry.toMillis());
        builder.setName(server);
        try {
            client = builder.build();
        } catch (IOException e) {
            throw new IllegalStateException("the Memcached client for " + server + " cannot be set up", e);
        }
    }

    String server() {
        return server;
    }

    byte @Nullable [] get(String name) {
        settle();
        return owed.contains(name) ? null : ask(() -> client.get(name, timeout, BYTES));
    }

    void put(String name, byte[] value, int seconds) {
        settle();
        if (Boolean.TRUE.equals(ask(() -> client.set(name, seconds, value, BYTES, timeout)))) {
            owed.remove(name);
        } else {
            owe(name);
        }
    }

    void invalidate(String name) {
        settle();
        if (!delete(name)) {
            owe(name);
        }
    }

    /** False when the server could not be asked; that there was nothing to delete is a success. */
    private boolean delete(String name) {
        return ask(() -> {
                    client.delete(name, timeout);
                    return true;
                })
                != null;
    }

    private void owe(String name) {
        if (owed.size() < OWED_AT_MOST) {
            owed.add(name);
        } else if (!forgot.getAndSet(true)) {
            LOG.warn("too much has changed while Memcached at {} was away, it may serve old values", server);
        }
    }

    /** Some at a time, for somebody waits for the question that comes after. */
    private void settle() {
        if (owed.isEmpty()) {
            forgot.set(false);
            return;
        }
        for (String name : owed.stream().limit(SETTLED_AT_ONCE).toList()) {
            if (!delete(name)) {
                return;
            }
            owed.remove(name);
        }
    }

    /** Null when there is no answer, for whatever reason. */
    private <T> @Nullable T ask(Question<T> question) {
        if (!circuit.admits()) {
            return null;
        }
        try {
            T answer = question.ask();
            circuit.succeeded();
            return answer;
        } catch (TimeoutException | MemcachedException e) {
            circuit.failed(e);
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    void close() {
        try {
            client.shutdown();
        } catch (IOException e) {
            LOG.debug("the connection to Memcached at {} had ended already", server, e);
        }
    }
}
