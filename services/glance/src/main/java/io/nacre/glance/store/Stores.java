package io.nacre.glance.store;

import io.nacre.base.Fault;
import io.nacre.glance.store.file.FileDriver;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The stores of this site by name. The staging area is a store that nobody is told of. */
public final class Stores {
    public static final String STAGING = "os_glance_staging_store";

    /**
     * A store under its name.
     *
     * @param weight data that several stores have is read from the heaviest
     */
    public record Store(String id, @Nullable String description, int weight, boolean readOnly, StoreDriver driver) {
        public Store(String id, String description, boolean readOnly, StoreDriver driver) {
            this(id, description, 0, readOnly, driver);
        }
    }

    private final List<Store> stores;
    private final Store byDefault;
    private final Store staging;
    private final FileDriver stagedFiles;

    /** The first is the default. */
    public Stores(List<Store> stores, FileDriver staging) {
        this(stores, stores.getFirst(), staging);
    }

    private Stores(List<Store> stores, Store byDefault, FileDriver staging) {
        this.stores = List.copyOf(stores);
        this.byDefault = byDefault;
        this.stagedFiles = staging;
        this.staging = new Store(STAGING, "Data that waits for its import.", false, staging);
    }

    /**
     * The stores that are configured; when there are none, one of files.
     *
     * @param defaultStore null for the first that can be written
     * @param folder where the files of that one are, and the staging area
     */
    public static Stores open(Map<String, StoreConfig> configured, @Nullable String defaultStore, Path folder) {
        FileDriver staging = new FileDriver(folder.resolve("staging"));
        if (configured.isEmpty()) {
            return new Stores(
                    List.of(new Store("file", "Files of the controller", false, new FileDriver(folder))), staging);
        }
        List<Store> stores = configured.entrySet().stream()
                .map(entry -> open(entry.getKey(), entry.getValue()))
                .toList();
        Store byDefault = stores.stream()
                .filter(store ->
                        defaultStore == null ? !store.readOnly() : store.id().equals(defaultStore))
                .findFirst()
                .orElseThrow();
        return new Stores(stores, byDefault, staging);
    }

    private static Store open(String id, StoreConfig config) {
        Integer weight = config.weight();
        return new Store(id, config.description(), weight == null ? 0 : weight, config.readOnly(), config.open());
    }

    /** All of them, in order. */
    public List<Store> offered() {
        return stores;
    }

    /** Those that images can be put into. */
    public List<Store> writable() {
        return stores.stream().filter(store -> !store.readOnly()).toList();
    }

    public Store byDefault() {
        return byDefault;
    }

    public Store staging() {
        return staging;
    }

    /** The store whose data users may name by this URL; empty when there is none. */
    public Optional<Store> taking(String url) {
        return stores.stream().filter(store -> store.driver().takes(url)).findFirst();
    }

    /** Where data in the staging area is, for programs that work on it. */
    public Path staged(String key) {
        return stagedFiles.file(key);
    }

    /** Also the staging area; empty for a store that is not configured any more. */
    public Optional<Store> find(String id) {
        return id.equals(STAGING)
                ? Optional.of(staging)
                : stores.stream().filter(store -> store.id().equals(id)).findFirst();
    }

    /** Faults with INVALID when there is no such store. */
    public Store require(String id) {
        return find(id).orElseThrow(() -> Fault.invalid("Store for identifier " + id + " not found"));
    }

    public List<String> ids() {
        return stores.stream().map(Store::id).toList();
    }

    /** The same in the order in which stores are to be read, heaviest first; else the order stays. */
    public <T> List<T> byWeight(List<T> some, Function<T, String> store) {
        Function<T, Integer> weight =
                one -> find(store.apply(one)).map(Store::weight).orElse(0);
        return some.stream()
                .sorted(Comparator.comparing(weight, Comparator.reverseOrder()))
                .toList();
    }
}
