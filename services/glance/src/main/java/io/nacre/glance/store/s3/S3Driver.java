package io.nacre.glance.store.s3;

import io.nacre.glance.store.StoreDriver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Data in a bucket. Large data is sent in parts, which become an object when the last one is there. */
final class S3Driver implements StoreDriver {
    private static final Pattern KEY = Pattern.compile("[0-9a-f-]{36}");
    /** What services answer that have no room, or no more of it for this bucket or account. */
    private static final Set<String> FULL = Set.of(
            "QuotaExceeded",
            "InsufficientCapacity",
            "XMinioStorageFull",
            "XMinioAdminBucketQuotaExceeded",
            "StorageFull");

    private static final int INSUFFICIENT_STORAGE = 507;

    private final S3StoreConfig config;
    private @Nullable S3Client client;
    private volatile boolean bucketIsThere;

    S3Driver(S3StoreConfig config) {
        this.config = config;
    }

    @Override
    public String kind() {
        return "s3";
    }

    @Override
    public Map<String, Object> properties() {
        return Map.of(
                "s3_store_large_object_size",
                config.part(),
                "s3_store_large_object_chunk_size",
                config.part(),
                "s3_store_thread_pools",
                config.parts());
    }

    @Override
    public String url(String key) {
        return config.place() + key;
    }

    @Override
    public Sink create(String key, long expected) throws IOException {
        requireBucket();
        abortUploads(key);
        return new S3Sink(this, name(key), config.part(), config.parts(), expected);
    }

    @Override
    public long size(String key) throws IOException {
        return call(
                key,
                s3 -> s3.headObject(head -> head.bucket(config.bucket()).key(name(key)))
                        .contentLength());
    }

    @Override
    public InputStream open(String key, long offset) throws IOException {
        return call(key, s3 -> {
            try {
                ResponseInputStream<GetObjectResponse> in = s3.getObject(get ->
                        get.bucket(config.bucket()).key(name(key)).range(offset == 0 ? null : "bytes=" + offset + "-"));
                return new S3Stream(in);
            } catch (S3Exception e) {
                if (e.statusCode() == 416) {
                    return InputStream.nullInputStream();
                }
                throw e;
            }
        });
    }

    @Override
    public void delete(String key) throws IOException {
        try {
            abortUploads(key);
            call(
                    key,
                    s3 -> s3.deleteObject(
                            delete -> delete.bucket(config.bucket()).key(name(key))));
        } catch (NoSuchFileException e) {
            // As it should be. Some services say so, others do not.
            return;
        }
    }

    @Override
    public List<String> keys() throws IOException {
        try {
            return keysInBucket();
        } catch (NoSuchBucket e) {
            if (Boolean.TRUE.equals(config.createBucket())) {
                // It is made with the first image.
                return List.of();
            }
            throw e;
        }
    }

    private List<String> keysInBucket() throws IOException {
        List<String> names = call("", s3 -> {
            Stream<String> objects = s3
                    .listObjectsV2Paginator(list -> list.bucket(config.bucket()).prefix(config.prefix()))
                    .contents()
                    .stream()
                    .map(S3Object::key);
            return Stream.concat(objects, uploads(s3, config.prefix()).stream().map(MultipartUpload::key))
                    .toList();
        });
        Set<String> keys = new TreeSet<>();
        for (String name : names) {
            String key = name.substring(config.prefix().length());
            if (KEY.matcher(key).matches()) {
                keys.add(key);
            }
        }
        return List.copyOf(keys);
    }

    private List<MultipartUpload> uploads(S3Client s3, String prefix) {
        return s3
                .listMultipartUploadsPaginator(
                        list -> list.bucket(config.bucket()).prefix(prefix))
                .uploads()
                .stream()
                .toList();
    }

    /** What was sent of it and never became an object; it takes room, and is not to be seen otherwise. */
    private void abortUploads(String key) throws IOException {
        String name = name(key);
        List<MultipartUpload> begun = call(key, s3 -> new ArrayList<>(uploads(s3, name)));
        for (MultipartUpload upload : begun) {
            if (upload.key().equals(name)) {
                abort(name, upload.uploadId());
            }
        }
    }

    void abort(String name, String uploadId) throws IOException {
        try {
            call(
                    name,
                    s3 -> s3.abortMultipartUpload(
                            abort -> abort.bucket(config.bucket()).key(name).uploadId(uploadId)));
        } catch (NoSuchFileException e) {
            // Somebody else was faster.
            return;
        }
    }

    String bucket() {
        return config.bucket();
    }

    private void requireBucket() throws IOException {
        if (bucketIsThere) {
            return;
        }
        try {
            call("", s3 -> s3.headBucket(head -> head.bucket(config.bucket())));
        } catch (NoSuchBucket e) {
            if (!Boolean.TRUE.equals(config.createBucket())) {
                throw e;
            }
            call("", s3 -> s3.createBucket(this::toBeMade));
        }
        bucketIsThere = true;
    }

    private void toBeMade(CreateBucketRequest.Builder request) {
        request.bucket(config.bucket());
        if (!config.signingRegion().equals("us-east-1")) {
            request.createBucketConfiguration(where -> where.locationConstraint(config.signingRegion()));
        }
    }

    /** What is asked of the service. */
    interface Call<T> {
        T to(S3Client s3);
    }

    /** @param what that may not be there; empty for the bucket itself */
    <T> T call(String what, Call<T> call) throws IOException {
        try {
            return call.to(client());
        } catch (S3Exception e) {
            throw translated(what, e);
        } catch (SdkException e) {
            throw new IOException("The S3 store at " + config.place() + " cannot be reached: " + e.getMessage(), e);
        }
    }

    private IOException translated(String what, S3Exception e) throws IOException {
        String code = e.awsErrorDetails() == null ? "" : e.awsErrorDetails().errorCode();
        if (e.statusCode() == INSUFFICIENT_STORAGE || (code != null && FULL.contains(code))) {
            return new StoreFull(e);
        }
        if (e.statusCode() == 404 && (what.isEmpty() || "NoSuchBucket".equals(code))) {
            bucketIsThere = false;
            return new NoSuchBucket(config.place(), e);
        }
        if (e.statusCode() == 404) {
            // An answer to HEAD does not tell what it is that is not there.
            call("", s3 -> s3.headBucket(head -> head.bucket(config.bucket())));
            return new NoSuchFileException(what);
        }
        return new IOException(
                "The S3 store at " + config.place() + " refused with status " + e.statusCode() + " " + code, e);
    }

    /** A store whose bucket is not there is away; it has not lost its data. */
    private static final class NoSuchBucket extends IOException {
        private static final long serialVersionUID = 1L;

        NoSuchBucket(String place, Throwable cause) {
            super("There is no bucket at " + place + "; create_bucket would make it.", cause);
        }
    }

    private synchronized S3Client client() throws IOException {
        if (client == null) {
            client = S3Clients.of(config);
        }
        return client;
    }

    private String name(String key) {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("not a key: " + key);
        }
        return config.prefix() + key;
    }
}
