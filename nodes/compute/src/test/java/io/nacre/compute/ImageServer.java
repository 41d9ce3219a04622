package io.nacre.compute;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.nacre.contracts.node.ComputeNode.ImageSource;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** Serves images on loopback as the image service does, and can be made to stop in the middle. */
public final class ImageServer implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, byte[]> images = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile int breakAfter = Integer.MAX_VALUE;

    public ImageServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String id = exchange.getRequestURI().getPath().substring(1);
        requests.add(id + " " + exchange.getRequestHeaders().getFirst("X-Auth-Token"));
        byte[] image = images.get(id);
        if (image == null) {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
            return;
        }
        exchange.sendResponseHeaders(200, image.length);
        try (OutputStream body = exchange.getResponseBody()) {
            int half = Math.min(image.length / 2, breakAfter);
            body.write(image, 0, half);
            body.flush();
            gate.await();
            if (breakAfter < image.length) {
                throw new IOException("broken off");
            }
            body.write(image, half, image.length - half);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Requests seen, each as image id and token. */
    public List<String> requests() {
        return requests;
    }

    /** Downloads stop half way until the latch is counted down. */
    public CountDownLatch hold() {
        gate = new CountDownLatch(1);
        return gate;
    }

    public void breakAfter(int bytes) {
        breakAfter = bytes;
    }

    public ImageSource add(String id, String format, Path file) throws IOException {
        return add(id, format, Files.readAllBytes(file));
    }

    public ImageSource add(String id, String format, byte[] content) {
        images.put(id, content);
        return source(id, format, content);
    }

    public ImageSource source(String id, String format, byte[] content) {
        return new ImageSource(
                id,
                format,
                content.length,
                "sha512",
                sha512(content),
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + id),
                Map.of("X-Auth-Token", "secret"));
    }

    private static String sha512(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        gate.countDown();
        server.stop(0);
    }
}
