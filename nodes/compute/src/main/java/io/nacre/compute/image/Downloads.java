package io.nacre.compute.image;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.compute.DiskFull;
import io.nacre.contracts.node.ComputeNode.ImageSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches images by HTTP into files, with constant memory, and tells whether they are what was asked for. */
final class Downloads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Downloads.class);
    private static final Duration CONNECT = Duration.ofSeconds(20);
    private static final int BUFFER = 256 * 1024;
    /** As the image service names them, and as Java does. */
    private static final Map<String, String> ALGORITHMS =
            Map.of("md5", "MD5", "sha1", "SHA-1", "sha256", "SHA-256", "sha384", "SHA-384", "sha512", "SHA-512");

    private final Duration stall;
    private final Duration timeout;
    private final Set<Download> running = ConcurrentHashMap.newKeySet();
    private @Nullable HttpClient client;

    /** What is to be done at the end, with or without the file. */
    @FunctionalInterface
    interface Finish {
        void run(boolean fetched) throws IOException;
    }

    Downloads(Duration stall, Duration timeout) {
        this.stall = stall;
        this.timeout = timeout;
    }

    /** Made when first needed: a client costs threads and start-up time that an idle host does not owe. */
    private synchronized HttpClient client() {
        if (client == null) {
            client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .executor(task -> Thread.ofVirtual().name("image-http").start(task))
                    .build();
        }
        return client;
    }

    /** Starts a download; {@code finish} runs before anyone who waits is told, also after a failure. */
    Download start(ImageSource source, Path file, long largest, Finish finish) {
        Download download = new Download(stall, timeout);
        running.add(download);
        Thread thread = Thread.ofVirtual().name("image-" + source.imageId()).unstarted(() -> {
            Throwable failure = run(download, source, file, largest, finish);
            running.remove(download);
            if (failure == null) {
                download.done().complete(null);
            } else {
                download.done().completeExceptionally(failure);
            }
        });
        download.work(thread);
        thread.start();
        return download;
    }

    private @Nullable Throwable run(Download download, ImageSource source, Path file, long largest, Finish finish) {
        Throwable failure = null;
        try {
            fetch(download, source, file, largest);
        } catch (FaultException e) {
            failure = e;
        } catch (IOException e) {
            failure = DiskFull.is(String.valueOf(e.getMessage()))
                    ? DiskFull.fault("image " + source.imageId()).because(e)
                    : broken(source, "the connection broke").because(e);
        } catch (InterruptedException e) {
            failure = broken(source, "nothing came any more").because(e);
        } catch (RuntimeException e) {
            failure = broken(source, "the request failed").because(e);
        }
        // an interrupt has done its work; finish must be able to write
        boolean interrupted = Thread.interrupted();
        try {
            finish.run(failure == null);
        } catch (FaultException | IOException e) {
            if (failure == null) {
                failure =
                        e instanceof FaultException ? e : DiskFull.fault("image " + source.imageId(), (IOException) e);
            }
        }
        if (failure != null) {
            LOG.warn(
                    "{}: {}{}{}",
                    source,
                    failure.getMessage(),
                    interrupted ? " It stalled." : "",
                    failure.getCause() == null ? "" : " Cause: " + failure.getCause());
        }
        return failure;
    }

    private void fetch(Download download, ImageSource source, Path file, long largest)
            throws IOException, InterruptedException {
        long room = Files.getFileStore(file.toAbsolutePath().getParent()).getUsableSpace();
        if (source.size() > room) {
            throw DiskFull.fault("image " + source.imageId());
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(source.url()).timeout(stall);
        source.headers().forEach(request::header);
        HttpResponse<InputStream> response = client().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            switch (response.statusCode()) {
                case 200 -> {}
                case 404 -> throw Fault.notFound("Image " + source.imageId() + " could not be found.");
                case 401, 403 -> throw broken(source, "the image service refused the request");
                default -> throw broken(source, "the image service answered with status " + response.statusCode());
            }
            copy(download, source, body, file, largest);
        }
    }

    private static void copy(Download download, ImageSource source, InputStream body, Path file, long largest)
            throws IOException {
        MessageDigest digest = digest(source);
        long count = 0;
        byte[] buffer = new byte[BUFFER];
        long expected = source.size();
        try (FileChannel out = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                download.received();
                count += n;
                if (count > largest || (expected > 0 && count > expected)) {
                    throw wrong(source, "it is longer than it should be");
                }
                digest.update(buffer, 0, n);
                ByteBuffer chunk = ByteBuffer.wrap(buffer, 0, n);
                while (chunk.hasRemaining()) {
                    out.write(chunk);
                }
            }
            out.force(true);
        }
        if (expected > 0 && count < expected) {
            throw broken(source, "it ended after " + count + " of " + expected + " bytes");
        }
        String hash = HexFormat.of().formatHex(digest.digest());
        if (source.hash() != null && !source.hash().equalsIgnoreCase(hash)) {
            throw wrong(source, "its " + source.hashAlgorithm() + " checksum is wrong");
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
    }

    private static MessageDigest digest(ImageSource source) {
        String name = source.hashAlgorithm().toLowerCase(Locale.ROOT).replace("-", "");
        try {
            // an image without a hash is digested too, at little cost, for one path of code
            return MessageDigest.getInstance(
                    source.hash() == null ? "MD5" : ALGORITHMS.getOrDefault(name, source.hashAlgorithm()));
        } catch (NoSuchAlgorithmException e) {
            throw Fault.invalid("Image " + source.imageId() + " has a checksum of an unknown kind.")
                    .because(e);
        }
    }

    private static FaultException wrong(ImageSource source, String why) {
        return Fault.of(
                Fault.Kind.INVALID,
                "ImageUnacceptable",
                "Image " + source.imageId() + " is unacceptable: " + why + ".");
    }

    private static FaultException broken(ImageSource source, String why) {
        return Fault.unavailable("Image " + source.imageId() + " could not be fetched: " + why + ".");
    }

    @Override
    public synchronized void close() {
        running.forEach(Download::stop);
        if (client != null) {
            client.shutdownNow();
        }
    }
}
