package io.nacre.glance.store.s3;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
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
    private final S3Proxy proxy;

    /** @param room how large what is sent at a time may be before it does not fit */
    S3Server(Path folder, long room) throws Exception {
        Files.createDirectories(folder);
        Properties properties = new Properties();
        properties.setProperty("jclouds.filesystem.basedir", folder.toString());
        context = ContextBuilder.newBuilder("filesystem-nio2")
                .credentials("x", "x")
                .overrides(properties)
                .build(BlobStoreContext.class);
        proxy = S3Proxy.builder()
                .blobStore(new Disk(context.getBlobStore(), room))
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, ACCESS, SECRET)
                .build();
        proxy.start();
    }

    private static final class Disk extends ForwardingBlobStore {
        private final long room;

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
            requireRoom(payload);
            return super.uploadMultipartPart(upload, number, payload);
        }

        private void requireRoom(Payload payload) {
            Long length = payload.getContentMetadata().getContentLength();
            if (length != null && length > room) {
                HttpRequest request = HttpRequest.builder()
                        .method("PUT")
                        .endpoint("http://localhost/")
                        .build();
                throw new HttpResponseException(
                        "no room",
                        new HttpCommand(request),
                        HttpResponse.builder().statusCode(507).build());
            }
        }
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
