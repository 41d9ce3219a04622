package io.nacre.glance.store.s3;

import io.nacre.config.Bytes;
import io.nacre.config.Doc;
import io.nacre.config.Secret;
import io.nacre.glance.store.StoreConfig;
import io.nacre.glance.store.StoreDriver;
import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

@Doc("A store in a bucket of an S3 service.")
public record S3StoreConfig(
        @Doc("What people are told of it.") @Nullable String description,

        @Doc("Data that several stores have is read from the heaviest; 0 when it is not set.") @Nullable
        Integer weight,

        @Doc("The service, such as https://s3.example.org; Amazon's own of the region when it is not set.") @Nullable
        URI endpoint,

        @Doc("The region that requests are signed for; us-east-1 when it is not set.") @Nullable
        String region,

        @Doc("Whose requests these are.") String accessKey,
        @Doc("The secret that belongs to access_key.") Secret secretKey,

        @Doc("The bucket.") String bucket,

        @Doc(
                "What the names of all objects begin with, such as images/; nothing when it is not set. Clouds that share a"
                        + " bucket need one each.")
        @Nullable
        String keyPrefix,

        @Doc("Whether the bucket is made when it is not there; false when it is not set.") @Nullable
        Boolean createBucket,

        @Doc("Where the bucket stands in requests: path, virtual (in the host's name), or auto: in the path of an"
                + " endpoint, in the name of Amazon's; auto when it is not set.")
        @Nullable
        Addressing addressing,

        @Doc("File of certificates (PEM) that sign the service's; those of the JDK when it is not set.") @Nullable
        Path cacert,

        @Doc("What is sent with one request; 10 MiB when it is not set, 5 MiB at least.") @Nullable
        Bytes partSize,

        @Doc("How many parts are sent at a time; each takes part_size of memory; 4 when it is not set.") @Nullable
        Integer parallelParts)
        implements StoreConfig {

    private static final Bytes PART = Bytes.ofMiB(10);
    private static final Bytes LEAST_PART = Bytes.ofMiB(5);
    private static final Bytes MOST_PART = Bytes.ofMiB(512);
    private static final int PARTS = 4;
    private static final int MOST_PARTS = 64;

    /** Where the bucket stands in requests. */
    public enum Addressing {
        AUTO,
        PATH,
        VIRTUAL
    }

    public S3StoreConfig {
        if (endpoint != null
                && (endpoint.getHost() == null
                        || endpoint.getRawUserInfo() != null
                        || !String.valueOf(endpoint.getScheme()).matches("https?"))) {
            throw new IllegalArgumentException("endpoint must be an http or https URL without user and password");
        }
        if (!bucket.matches("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")) {
            throw new IllegalArgumentException("bucket is not the name of a bucket: " + bucket);
        }
        if (accessKey.isBlank() || secretKey.isEmpty()) {
            throw new IllegalArgumentException("access_key and secret_key must not be empty");
        }
        if (keyPrefix != null && !keyPrefix.matches("[A-Za-z0-9][A-Za-z0-9/._-]{0,200}")) {
            throw new IllegalArgumentException("key_prefix is not a beginning for names: " + keyPrefix);
        }
        if (partSize != null && (partSize.count() < LEAST_PART.count() || partSize.count() > MOST_PART.count())) {
            throw new IllegalArgumentException("part_size must be 5 MiB to 512 MiB");
        }
        if (parallelParts != null && (parallelParts < 1 || parallelParts > MOST_PARTS)) {
            throw new IllegalArgumentException("parallel_parts must be 1 to " + MOST_PARTS);
        }
    }

    @Override
    public StoreDriver open() {
        return new S3Driver(this);
    }

    String signingRegion() {
        return Objects.requireNonNullElse(region, "us-east-1");
    }

    String prefix() {
        return Objects.requireNonNullElse(keyPrefix, "");
    }

    int part() {
        return (int) Objects.requireNonNullElse(partSize, PART).count();
    }

    int parts() {
        return Objects.requireNonNullElse(parallelParts, PARTS);
    }

    boolean bucketInPath() {
        return switch (Objects.requireNonNullElse(addressing, Addressing.AUTO)) {
            case PATH -> true;
            case VIRTUAL -> false;
            case AUTO -> endpoint != null;
        };
    }

    /** The service and the bucket as a location of the original has them, without its credentials. */
    String place() {
        URI at = endpoint == null ? URI.create("https://s3." + signingRegion() + ".amazonaws.com") : endpoint;
        return ("http".equals(at.getScheme()) ? "s3" : "s3+https") + "://" + at.getRawAuthority() + "/" + bucket + "/"
                + prefix();
    }
}
