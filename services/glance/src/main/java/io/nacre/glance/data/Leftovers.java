package io.nacre.glance.data;

import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.glance.store.Stores;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Data that nobody wants any more. Its row says so first, and stays until the store has let go of the data: whatever a
 * store says, the image waits for nothing, and nothing is forgotten.
 */
final class Leftovers {
    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    private final Transactions transactions;
    private final LocationStore locations;
    private final Stores stores;

    Leftovers(Transactions transactions, LocationStore locations, Stores stores) {
        this.transactions = transactions;
        this.locations = locations;
        this.stores = stores;
    }

    /** Removes data that was given up, now if its store lets it; otherwise {@link DataCleanup} does it one day. */
    void clear(Location location) {
        try {
            remove(location);
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    "Data that was given up is still in store {}: {} of image {}: {}",
                    location.store(),
                    location.key(),
                    location.imageId(),
                    e.toString());
        }
    }

    /** Removes the data, and then its row. Data of a store that cannot be written is others'. */
    void remove(Location location) throws IOException {
        Stores.Store store = stores.find(location.store())
                .orElseThrow(() -> new IOException("store " + location.store() + " is not configured"));
        if (!store.readOnly()) {
            store.driver().delete(location.key());
        }
        transactions.run(tx -> locations.remove(tx, location.key()));
    }

    /** Gives data up, also when a task that removed the image has cleared it away before all of it was written. */
    void giveUp(Tx tx, Location location) {
        locations.remove(tx, location.key());
        locations.add(tx, location.in(Location.Status.DELETING));
    }
}
