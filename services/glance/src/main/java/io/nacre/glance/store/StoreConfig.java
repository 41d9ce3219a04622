package io.nacre.glance.store;

import io.nacre.config.Kinds;
import io.nacre.config.Kinds.Kind;
import io.nacre.glance.store.file.FileStoreConfig;
import io.nacre.glance.store.http.HttpStoreConfig;
import io.nacre.glance.store.rbd.RbdStoreConfig;
import io.nacre.glance.store.s3.S3StoreConfig;
import org.jspecify.annotations.Nullable;

/** Options of [glance.store.NAME]; its key driver says which. Every driver there is stands here. */
@Kinds(
        key = "driver",
        value = {
            @Kind(name = "file", options = FileStoreConfig.class),
            @Kind(name = "http", options = HttpStoreConfig.class),
            @Kind(name = "s3", options = S3StoreConfig.class),
            @Kind(name = "rbd", options = RbdStoreConfig.class),
        })
public interface StoreConfig {

    /** For people; null for none. */
    @Nullable
    String description();

    /** Data is read from the heaviest store that has it; null is 0. */
    @Nullable
    Integer weight();

    /** Whether nothing can be put into it. */
    default boolean readOnly() {
        return false;
    }

    /** Makes the driver. Does not talk to anybody yet: a store that cannot be reached must not stop the program. */
    StoreDriver open();
}
