package io.nacre.glance.data;

import io.nacre.glance.image.Image;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What to import, and how far it is.
 *
 * @param task as users know it
 * @param source where the data comes from
 * @param files what lies in the staging area on the way
 * @param copies where the data goes to
 * @param allMustSucceed whether one store that fails is a failure of all
 * @param outcome what the image will be
 */
record ImportOrder(
        String task,
        String imageId,
        Source source,
        Files files,
        List<Copy> copies,
        boolean allMustSucceed,
        Outcome outcome) {

    /**
     * @param method of import
     * @param uri for web-download, else null
     * @param remote for glance-download, else null
     */
    record Source(
            String method, @Nullable String uri, @Nullable Remote remote) {
        boolean isStaged() {
            return uri == null && remote == null;
        }
    }

    /**
     * An image of another region.
     *
     * @param access public, internal or admin: which endpoint of the region is asked
     */
    record Remote(String imageId, String region, String access) {}

    /**
     * Keys in the staging area.
     *
     * @param fetched what was staged or downloaded
     * @param unpacked null when nothing is to be unpacked
     * @param converted null when nothing is to be converted
     * @param last the newest that is complete
     */
    record Files(
            String fetched,
            @Nullable String unpacked,
            @Nullable String converted,
            String last) {
        Files at(String key) {
            return new Files(fetched, unpacked, converted, key);
        }

        List<String> keys() {
            return Stream.of(fetched, unpacked, converted)
                    .filter(Objects::nonNull)
                    .toList();
        }
    }

    /**
     * What the image gets.
     *
     * @param diskFormat null for what it says itself, as with the container format
     * @param properties beside those that it has
     * @param data null before it is in a store
     */
    record Outcome(
            @Nullable String diskFormat,
            @Nullable String containerFormat,
            Map<String, String> properties,
            Image.@Nullable Data data) {
        Outcome with(Image.Data found) {
            return new Outcome(diskFormat, containerFormat, properties, found);
        }

        /** The image with the formats and properties that it will have. */
        Image applied(Image image) {
            Image.Attributes was = image.attributes();
            Map<String, String> all = new TreeMap<>(image.properties());
            all.putAll(properties);
            return image.with(new Image.Attributes(
                            was.name(),
                            diskFormat == null ? was.diskFormat() : diskFormat,
                            containerFormat == null ? was.containerFormat() : containerFormat,
                            was.minDisk(),
                            was.minRam(),
                            was.guarded(),
                            was.hidden()))
                    .having(all);
        }
    }

    ImportOrder with(Files changed) {
        return new ImportOrder(task, imageId, source, changed, copies, allMustSucceed, outcome);
    }

    ImportOrder with(List<Copy> changed, Outcome reached) {
        return new ImportOrder(task, imageId, source, files, changed, allMustSucceed, reached);
    }

    List<String> stores() {
        return copies.stream().map(Copy::store).toList();
    }
}
