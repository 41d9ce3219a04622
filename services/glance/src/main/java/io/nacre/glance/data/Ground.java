package io.nacre.glance.data;

import io.nacre.base.Transactions;
import io.nacre.glance.Clockwork;
import io.nacre.glance.GlanceConfig;
import io.nacre.glance.image.ImageQuotas;
import io.nacre.glance.image.ImageStore;
import io.nacre.glance.signature.Signatures;
import io.nacre.glance.store.Stores;
import io.nacre.tasks.Tasks;

/** What the long operations on images' data stand on. */
public record Ground(
        Transactions transactions,
        ImageStore images,
        LocationStore locations,
        Stores stores,
        Tasks tasks,
        ImageQuotas quotas,
        Signatures signatures,
        GlanceConfig config,
        Clockwork clockwork) {

    Leftovers leftovers() {
        return new Leftovers(transactions, locations, stores);
    }
}
