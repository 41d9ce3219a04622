package io.nacre.glance.data;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.glance.image.Image;
import io.nacre.glance.store.StoreDriver;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;

/** What is done to data between the staging area and the stores. */
final class ImportPlugins {
    private final Ground ground;
    private final ImportConfig config;

    ImportPlugins(Ground ground) {
        this.ground = ground;
        this.config = ground.config().imports();
    }

    /** Whether the image's data is unpacked when it is packed. One that says it is compressed stays so. */
    boolean unpacks(Image image) {
        return config.plugins().contains(ImportConfig.DECOMPRESSION)
                && !"compressed".equals(image.attributes().containerFormat());
    }

    /** What images of this caller get beside their own properties. */
    Map<String, String> injected(Caller caller) {
        boolean ignored = config.ignoreUserRoles().stream().anyMatch(caller::hasRole);
        return config.plugins().contains(ImportConfig.INJECTION) && !ignored ? config.inject() : Map.of();
    }

    /** Unpacks what was fetched, if it is to be and is packed. */
    ImportOrder unpack(ImportOrder order, Progress progress) {
        String key = order.files().unpacked();
        if (key == null) {
            return order;
        }
        StoreDriver staging = ground.stores().staging().driver();
        String fetched = order.files().fetched();
        Optional<Packing> packing;
        long size;
        try (InputStream head = staging.open(fetched, 0)) {
            packing = Packing.of(head.readNBytes(Packing.HEAD));
            size = staging.size(fetched);
        } catch (IOException e) {
            throw Fault.internal("The staged data cannot be read.").because(e);
        }
        if (packing.isEmpty()) {
            return order;
        }
        try (InputStream packed = progress.watch(staging.open(fetched, 0));
                InputStream plain = packing.get().unpack(packed, size, config.decompressionRatio())) {
            new Intake(staging, key, ground.config().imageSizeCap().count(), null).take(plain, -1);
        } catch (IOException e) {
            throw Packing.refused(e);
        }
        return order.with(order.files().at(key));
    }
}
