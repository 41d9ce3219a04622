package io.nacre.network.linux;

import io.nacre.contracts.node.MetadataSource;
import io.nacre.network.NetworkConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers guests at the metadata address of one namespace. The socket is opened inside and belongs there, while the
 * threads that serve it are ordinary virtual threads.
 */
final class MetadataListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MetadataListener.class);
    private static final int BACKLOG = 128;

    private final ServerSocketChannel socket;
    private final NetworkConfig.Metadata limits;
    private final MetadataSource source;
    private final Function<InetAddress, @Nullable String> network;
    private final Semaphore room;

    private MetadataListener(
            ServerSocketChannel socket,
            NetworkConfig.Metadata limits,
            MetadataSource source,
            Function<InetAddress, @Nullable String> network) {
        this.socket = socket;
        this.limits = limits;
        this.source = source;
        this.network = network;
        this.room = new Semaphore(limits.maxConnections());
    }

    /** @param network from the address a request was sent to, to the identifier of the network it came from */
    static MetadataListener open(
            String namespace,
            String address,
            int port,
            NetworkConfig.Metadata limits,
            MetadataSource source,
            Function<InetAddress, @Nullable String> network) {
        ServerSocketChannel socket = Namespaces.in(namespace, () -> {
            ServerSocketChannel channel = ServerSocketChannel.open();
            try {
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                channel.bind(new InetSocketAddress(InetAddress.ofLiteral(address), port), BACKLOG);
                return channel;
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        });
        MetadataListener listener = new MetadataListener(socket, limits, source, network);
        Thread.ofVirtual().name("metadata in " + namespace).start(listener::accept);
        return listener;
    }

    private void accept() {
        while (socket.isOpen()) {
            try {
                room.acquire();
                SocketChannel guest = socket.accept();
                Thread.ofVirtual().start(() -> serve(guest));
            } catch (InterruptedException e) {
                return;
            } catch (IOException e) {
                room.release();
                if (socket.isOpen()) {
                    LOG.warn("a metadata connection could not be accepted", e);
                    pause();
                }
            }
        }
    }

    /** What fails now, for want of descriptors say, will fail again at once. */
    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(SocketChannel guest) {
        try (guest) {
            String id = network.apply(guest.socket().getLocalAddress());
            if (id != null) {
                new MetadataRequest(guest, id, limits, source).answer();
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("a metadata request broke off", e);
        } finally {
            room.release();
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
