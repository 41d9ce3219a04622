package io.nacre.glance.store.file;

import io.nacre.config.Doc;
import io.nacre.glance.store.StoreConfig;
import io.nacre.glance.store.StoreDriver;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

@Doc("A store in a folder.")
public record FileStoreConfig(
        @Doc("What people are told of it.") @Nullable String description,

        @Doc("Data that several stores have is read from the heaviest; 0 when it is not set.") @Nullable
        Integer weight,

        @Doc("The folder, on a filesystem that all controllers share.")
        Path folder)
        implements StoreConfig {

    @Override
    public StoreDriver open() {
        return new FileDriver(folder);
    }
}
