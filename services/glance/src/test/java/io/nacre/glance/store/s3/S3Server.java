package io.nacre.glance.store.s3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStore;
import org.jclouds.blobstore.BlobStoreContext;
import org.jclouds.blobstore.domain.Blob;
import org.jclouds.blobstore.domain.MultipartPart;
import org.jclouds.blobstore.domain.MultipartUpload;
import org.jclouds.blobstore.options.PutOptions;
import org.jclouds.blobstore.util.ForwardingBlobStore;
import org.jclouds.http.HttpCommand;
import org.jclouds.http.HttpRequest;
import org.jclouds.http.HttpResponse;
import org.jclouds.http.HttpResponseException;
import org.jclouds.io.Payload;

/** An S3 service on loopback that checks signatures and keeps its objects in a folder. */
final class S3Server implements AutoCloseable {
    static final String ACCESS = "an-access-key";
    static final String SECRET = "a-secret-hunter2";

    private final BlobStoreContext context;
    private final Disk disk;
    private final S3Proxy proxy;

    /** @param room how large what is sent at a time may be before it does not fit */
    S3Server(Path folder, long room) throws Exception {
        this(folder, room, false);
    }

    /** @param hosts whether buckets are named by the host, below s3.test, and not by the path */
    S3Server(Path folder, long room, boolean hosts) throws Exception {
        Files.createDirectories(folder);
        Properties properties = new Properties();
        properties.setProperty("jclouds.filesystem.basedir", folder.toString());
        context = ContextBuilder.newBuilder("filesystem-nio2")
                .credentials("x", "x")
                .overrides(properties)
                .build(BlobStoreContext.class);
        disk = new Disk(context.getBlobStore(), room);
        S3Proxy.Builder builder = S3Proxy.builder()
                .secureEndpoint(URI.create("https://127.0.0.1:0"))
                .keyStore(Keys.FOLDER.resolve("keys").toString(), "password")
                .blobStore(disk)
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, ACCESS, SECRET);
        proxy = (hosts ? builder.virtualHost("s3.test") : builder).build();
        proxy.start();
    }

    /** The key and the certificate of all of them, made once. */
    private static final class Keys {
        static final Path FOLDER = make();

        private static Path make() {
            try {
                Path folder = Files.createTempDirectory("nacre-s3");
                String store = " -keystore " + folder.resolve("keys") + " -storepass password -alias it";
                run("-genkeypair -keyalg EC -dname CN=s3.test -ext san=ip:127.0.0.1,dns:*.s3.test" + store);
                run("-exportcert -rfc -file " + folder.resolve("pem") + store);
                return folder;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private static void run(String arguments) throws IOException, InterruptedException {
            List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/keytool"));
            command.addAll(List.of(arguments.split(" ", -1)));
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IOException(output);
            }
        }
    }

    /** How many parts were received at once at the most, since it was slowed down. */
    int mostPartsAtOnce() {
        return disk.mostAtOnce.get();
    }

    /** From now on parts take a while. */
    void slowDown() {
        disk.mostAtOnce.set(0);
        disk.pause = 200;
    }

    /** There is no room for the part of this number of any upload. */
    void refusePart(int number) {
        disk.refused = number;
    }

    private static final class Disk extends ForwardingBlobStore {
        private final AtomicInteger atOnce = new AtomicInteger();
        private final AtomicInteger mostAtOnce = new AtomicInteger();
        private final long room;
        private volatile int refused;
        private volatile int pause;

        Disk(BlobStore store, long room) {
            super(store);
            this.room = room;
        }

        @Override
        public String putBlob(String container, Blob blob, PutOptions options) {
            requireRoom(blob.getPayload());
            return super.putBlob(container, blob, options);
        }

        @Override
        public MultipartPart uploadMultipartPart(MultipartUpload upload, int number, Payload payload) {
            mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            try {
                Thread.sleep(pause);
                requireRoom(payload);
                if (number == refused) {
                    throw full();
                }
                return super.uploadMultipartPart(upload, number, payload);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            } finally {
                atOnce.decrementAndGet();
            }
        }

        private void requireRoom(Payload payload) {
            Long length = payload.getContentMetadata().getContentLength();
            if (length != null && length > room) {
                throw full();
            }
        }

        private static HttpResponseException full() {
            HttpRequest request = HttpRequest.builder()
                    .method("PUT")
                    .endpoint("http://localhost/")
                    .build();
            return new HttpResponseException(
                    "no room",
                    new HttpCommand(request),
                    HttpResponse.builder().statusCode(507).build());
        }
    }

    /** The PEM file of what it shows at its secure endpoint. */
    Path certificate() {
        return Keys.FOLDER.resolve("pem");
    }

    URI secureEndpoint() {
        return URI.create("https://127.0.0.1:" + proxy.getSecurePort());
    }

    URI endpointOfHosts() {
        return URI.create("http://s3.test:" + proxy.getPort());
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + proxy.getPort());
    }

    @Override
    public void close() {
        try {
            proxy.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the S3 service does not stop", e);
        }
        context.close();
    }
}
