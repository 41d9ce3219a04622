package io.nacre.glance.store;

import io.nacre.base.Fault;
import java.util.List;

/** The stores of this site by name; the first is the default. The staging area is a store that nobody is told of. */
public final class Stores {
    public static final String STAGING = "os_glance_staging_store";

    /** A store under its name. */
    public record Store(String id, String description, boolean readOnly, StoreDriver driver) {}

    private final List<Store> stores;
    private final Store staging;

    public Stores(List<Store> stores, StoreDriver staging) {
        this.stores = List.copyOf(stores);
        this.staging = new Store(STAGING, "Data that waits for its import.", false, staging);
    }

    /** In order, the default first. */
    public List<Store> offered() {
        return stores;
    }

    public Store byDefault() {
        return stores.getFirst();
    }

    public Store staging() {
        return staging;
    }

    /** Faults with INVALID when there is no such store. */
    public Store require(String id) {
        if (id.equals(STAGING)) {
            return staging;
        }
        return stores.stream()
                .filter(store -> store.id().equals(id))
                .findFirst()
                .orElseThrow(() -> Fault.invalid("Store for identifier " + id + " not found"));
    }

    public List<String> ids() {
        return stores.stream().map(Store::id).toList();
    }
}
