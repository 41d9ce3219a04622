package io.nacre.glance.store.rbd;

import io.nacre.config.Bytes;
import io.nacre.config.Doc;
import io.nacre.glance.store.StoreConfig;
import io.nacre.glance.store.StoreDriver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

@Doc("A store in a pool of a Ceph cluster; needs librbd.so.1.")
public record RbdStoreConfig(
        @Doc("What people are told of it.") @Nullable String description,

        @Doc("Data that several stores have is read from the heaviest; 0 when it is not set.") @Nullable
        Integer weight,

        @Doc("The pool, of this cloud alone; images when it is not set.") @Nullable
        String pool,

        @Doc("Whose key is used, without client.; glance when it is not set.") @Nullable
        String user,

        @Doc("File that leads to the cluster; where Ceph looks for it when it is not set.") @Nullable
        Path cephConf,

        @Doc(
                "Size of the objects that data is cut into, and of what is sent at a time: a power of two from 1 MiB to 32 MiB;"
                        + " 8 MiB when it is not set.")
        @Nullable
        Bytes chunkSize,

        @Doc("Whether parts that are all zeros are left out; false when it is not set.") @Nullable
        Boolean thinProvisioning,

        @Doc("For how long the cluster may not answer; 30s when it is not set.") @Nullable
        Duration timeout)
        implements StoreConfig {

    private static final Bytes CHUNK = Bytes.ofMiB(8);

    public RbdStoreConfig {
        if (chunkSize != null
                && (Long.bitCount(chunkSize.count()) != 1
                        || chunkSize.count() < Bytes.ofMiB(1).count()
                        || chunkSize.count() > Bytes.ofMiB(32).count())) {
            throw new IllegalArgumentException("chunk_size must be a power of two from 1 MiB to 32 MiB");
        }
        if (timeout != null && timeout.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("timeout must be a second at least");
        }
    }

    @Override
    public StoreDriver open() {
        return new RbdDriver(this);
    }

    String poolName() {
        return Objects.requireNonNullElse(pool, "images");
    }

    String userName() {
        return Objects.requireNonNullElse(user, "glance");
    }

    int chunk() {
        return (int) Objects.requireNonNullElse(chunkSize, CHUNK).count();
    }

    boolean thin() {
        return Boolean.TRUE.equals(thinProvisioning);
    }

    Duration patience() {
        return Objects.requireNonNullElse(timeout, Duration.ofSeconds(30));
    }
}
