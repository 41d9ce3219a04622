package io.nacre.glance.data;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.diskimage.DiskFormat;
import io.nacre.diskimage.Inspector;
import io.nacre.diskimage.UnsafeImage;
import io.nacre.glance.GlanceConfig;
import io.nacre.glance.convert.QemuImg;
import io.nacre.glance.image.Image;
import io.nacre.glance.store.StoreDriver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is done to data between the staging area and the stores. */
final class ImportPlugins {
    private final Ground ground;
    private final ImportConfig config;
    private final @Nullable QemuImg qemuImg;

    /** Throws IllegalStateException when images are to be converted and this machine cannot do it safely. */
    ImportPlugins(Ground ground) {
        this.ground = ground;
        this.config = ground.config().imports();
        this.qemuImg = converts() ? QemuImg.open(config.conversion()) : null;
    }

    /** Whether images get the format of the site. */
    boolean converts() {
        return config.plugins().contains(ImportConfig.CONVERSION);
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
        try (InputStream packed = progress.watch("Copied", staging.open(fetched, 0));
                InputStream plain = packing.get().unpack(packed, size, config.decompressionRatio())) {
            new Intake(staging, key, ground.examination(null)).take(plain, -1);
        } catch (IOException e) {
            throw Packing.refused(e);
        }
        return order.with(order.files().at(key));
    }

    /** Converts what there is, if it is to be and has another format. An image of a disc that says so stays one. */
    ImportOrder convert(ImportOrder order, Image image, Duration remaining, Progress progress) {
        String key = order.files().converted();
        if (key == null || qemuImg == null) {
            return order;
        }
        String wanted = config.conversion().outputFormat();
        DiskFormat found = inspect(order.files().last(), order.outcome().applied(image));
        if (found == DiskFormat.ISO || found.wire().equals(wanted)) {
            return order;
        }
        if (!QemuImg.reads(found)) {
            throw Fault.invalid("Images of format " + found.wire() + " cannot be converted.");
        }
        qemuImg.convert(
                new QemuImg.Job(
                        ground.stores().staged(order.files().last()),
                        found,
                        ground.stores().staged(key),
                        wanted,
                        ground.config().imageSizeCap().count()),
                remaining,
                percent -> progress.tell("Converted " + percent + " %"));
        ImportOrder.Outcome was = order.outcome();
        return order.with(order.files().at(key))
                .with(order.copies(), new ImportOrder.Outcome(wanted, "bare", was.properties(), was.data()));
    }

    /** What qemu-img is told to read is what we have seen ourselves. */
    private DiskFormat inspect(String key, Image image) {
        if (!"bare".equals(image.attributes().containerFormat())) {
            throw Fault.invalid("Only images in a bare container can be converted, not in "
                    + image.attributes().containerFormat() + ".");
        }
        GlanceConfig limits = ground.config();
        try (FileChannel file = FileChannel.open(ground.stores().staged(key))) {
            return Inspector.inspect(
                            file,
                            image.attributes().diskFormat(),
                            limits.requireFormatMatch(),
                            limits.virtualSizeCap().count())
                    .format();
        } catch (UnsafeImage e) {
            throw Intake.unsafe(e);
        } catch (IOException e) {
            throw Fault.internal("The staged data cannot be read.").because(e);
        }
    }
}
