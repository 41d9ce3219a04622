package io.nacre.glance.data;

import io.nacre.glance.image.Image;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * What an image says of an import or a copy that goes on, and of the stores where it failed: properties that only
 * glance writes. As in the original the lists of stores stay when they are empty again.
 */
final class ImportMarks {
    private static final String TASK = "os_glance_import_task";
    private static final String IMPORTING = "os_glance_importing_to_stores";
    private static final String FAILED = "os_glance_failed_import";

    private ImportMarks() {}

    /** Whether a task works on the image. */
    static boolean isBusy(Image image) {
        return image.properties().containsKey(TASK);
    }

    static Image begun(Image image, String task, Collection<String> stores) {
        Image taken = changed(image, FAILED, failed -> failed.removeAll(stores));
        return taken(changed(taken, IMPORTING, importing -> importing.addAll(stores)), task);
    }

    /** A task works on the image from now on, and puts nothing into stores. */
    static Image taken(Image image, String task) {
        return marked(image, TASK, task);
    }

    /** No task works on the image any more. */
    static Image freed(Image image) {
        Map<String, String> properties = new TreeMap<>(image.properties());
        properties.remove(TASK);
        return image.having(properties);
    }

    static Image stored(Image image, String store) {
        return changed(changed(image, FAILED, failed -> failed.remove(store)), IMPORTING, left -> left.remove(store));
    }

    static Image failed(Image image, Collection<String> stores) {
        return changed(
                changed(image, FAILED, failed -> failed.addAll(stores)), IMPORTING, left -> left.removeAll(stores));
    }

    /** Whether one of the stores has failed already. */
    static boolean hasFailed(Image image, Collection<String> stores) {
        return stores.stream().anyMatch(list(image, FAILED)::contains);
    }

    /** No task works on the image any more; stores that have not failed are as good as done. */
    static Image ended(Image image, Collection<String> stores) {
        return changed(freed(image), IMPORTING, left -> left.removeAll(stores));
    }

    private static Image changed(Image image, String name, Consumer<Set<String>> change) {
        Set<String> stores = new TreeSet<>(list(image, name));
        change.accept(stores);
        return marked(image, name, String.join(",", stores));
    }

    private static List<String> list(Image image, String name) {
        String value = image.properties().getOrDefault(name, "");
        return value.isEmpty() ? List.of() : List.of(value.split(","));
    }

    private static Image marked(Image image, String name, String value) {
        Map<String, String> properties = new TreeMap<>(image.properties());
        properties.put(name, value);
        return image.having(properties);
    }
}
