package io.nacre.glance.data;

import io.nacre.base.Transactions;
import io.nacre.glance.Clockwork;
import io.nacre.glance.GlanceConfig;
import io.nacre.glance.image.HashAlgorithm;
import io.nacre.glance.image.ImageQuotas;
import io.nacre.glance.image.ImageStore;
import io.nacre.glance.signature.Signatures;
import io.nacre.glance.store.Stores;
import io.nacre.tasks.Tasks;
import org.jspecify.annotations.Nullable;

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

    /** For data that is hashed as the site wants it. */
    Examination examination(@Nullable Scrutiny scrutiny) {
        return examination(config.hashingAlgorithm(), scrutiny);
    }

    /** @param scrutiny null for data that will be looked at later, or has been */
    Examination examination(HashAlgorithm algorithm, @Nullable Scrutiny scrutiny) {
        return new Examination(algorithm, config.imageSizeCap().count(), scrutiny);
    }
}
