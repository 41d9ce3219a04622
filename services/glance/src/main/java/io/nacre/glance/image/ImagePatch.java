package io.nacre.glance.image;

import io.nacre.base.Fault;
import io.nacre.base.Json;
import io.nacre.glance.GlanceErrors;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A patch of an image: the subset of JSON patch that the API takes, in both of its media types. The older one (v2.0,
 * draft 4) names the operation as the member that holds the path.
 *
 * @param strictAdd whether adding what is there already is refused, as draft 4 has it
 */
record ImagePatch(List<Change> changes, List<Places.Change> places, boolean strictAdd) {
    static final String V20 = "application/openstack-images-v2.0-json-patch";
    static final String V21 = "application/openstack-images-v2.1-json-patch";

    private static final List<String> OPERATIONS = List.of("add", "remove", "replace");
    private static final Pattern ADJACENT = Pattern.compile("/\\s*?/");
    private static final Pattern BAD_ESCAPE = Pattern.compile("~([^01]|$)");

    /** @param value null for remove */
    record Change(String operation, String name, @Nullable JsonNode value) {}

    /** Faults with INVALID for what is no patch, with FORBIDDEN for what may not be changed. */
    static ImagePatch parse(JsonNode body, boolean draft4) {
        if (!body.isArray()) {
            throw Fault.invalid(
                    body.isObject()
                            ? "Request body must be a JSON array of operation objects."
                            : GlanceErrors.NO_CONTAINER);
        }
        List<Change> changes = new ArrayList<>();
        List<Places.Change> places = new ArrayList<>();
        for (JsonNode raw : body) {
            if (!raw.isObject()) {
                throw Fault.invalid("Operations must be JSON objects.");
            }
            change(raw, draft4, changes, places);
        }
        return new ImagePatch(changes, places, draft4);
    }

    private static void change(JsonNode raw, boolean draft4, List<Change> changes, List<Places.Change> places) {
        String operation = draft4 ? operationOfDraft4(raw) : operation(raw);
        JsonNode path = raw.get(draft4 ? operation : "path");
        if (path == null || !path.isString()) {
            throw Fault.invalid("Unable to find 'path' in JSON Schema change");
        }
        List<String> parts = parts(path.stringValue());
        String name = parts.getFirst();
        boolean one = name.equals("locations") && !operation.equals("replace");
        if (parts.size() != (one ? 2 : 1)) {
            throw Fault.invalid("Invalid JSON pointer for this resource: '/" + String.join("/", parts) + "'");
        }
        JsonNode value = operation.equals("remove") ? null : raw.get("value");
        if (value == null && !operation.equals("remove")) {
            throw Fault.invalid("Operation \"" + operation + "\" requires a member named \"value\".");
        }
        if (name.equals("locations")) {
            if (value != null) {
                ImageFields.check(ImageFields.part(name, one ? Json.tree(List.of(value)) : value));
            }
            places.add(new Places.Change(operation, one ? parts.getLast() : null, value));
            return;
        }
        ImageFields.requireWritable(name);
        if (name.equals("id")) {
            throw Fault.forbidden("Attribute 'id' is read-only.");
        }
        if (value != null) {
            ImageFields.check(ImageFields.part(name, value));
        }
        changes.add(new Change(operation, name, value));
    }

    private static String operation(JsonNode raw) {
        String known = String.join(", ", OPERATIONS);
        JsonNode operation = raw.get("op");
        if (operation == null || operation.isNull()) {
            throw Fault.invalid(
                    "Unable to find `op` in JSON Schema change. It must be one of the following: " + known + ".");
        }
        if (!operation.isString() || !OPERATIONS.contains(operation.stringValue())) {
            throw Fault.invalid(
                    "Invalid operation: `" + (operation.isString() ? operation.stringValue() : operation.toString())
                            + "`. It must be one of the following: " + known + ".");
        }
        return operation.stringValue();
    }

    private static String operationOfDraft4(JsonNode raw) {
        List<String> found = OPERATIONS.stream().filter(raw::has).toList();
        if (found.size() != 1) {
            throw Fault.invalid("Operation objects must contain " + (found.isEmpty() ? "exactly" : "only")
                    + " one member named \"add\", \"remove\", or" + " \"replace\".");
        }
        return found.getFirst();
    }

    /** The segments of a JSON pointer (RFC 6901), slashes at its beginning and space around them being ignored. */
    private static List<String> parts(String pointer) {
        if (!pointer.startsWith("/")) {
            throw Fault.invalid("Pointer `" + pointer + "` does not start with \"/\".");
        }
        if (ADJACENT.matcher(pointer.substring(1)).find()) {
            throw Fault.invalid("Pointer `" + pointer + "` contains adjacent \"/\".");
        }
        if (pointer.length() > 1 && pointer.endsWith("/")) {
            throw Fault.invalid("Pointer `" + pointer + "` end with \"/\".");
        }
        if (pointer.substring(1).strip().equals("/")) {
            throw Fault.invalid("Pointer `" + pointer + "` does not contains valid token.");
        }
        if (BAD_ESCAPE.matcher(pointer).find()) {
            throw Fault.invalid("Pointer `" + pointer + "` contains \"~\" not part of a recognized escape sequence.");
        }
        return Stream.of(pointer.replaceFirst("^/+", "").split("/", -1))
                .map(part -> part.replace("~1", "/").replace("~0", "~").strip())
                .toList();
    }

    boolean isEmpty() {
        return changes.isEmpty() && places.isEmpty();
    }

    boolean changes(String name) {
        return changes.stream().anyMatch(change -> change.name().equals(name));
    }

    /**
     * The image as it should be afterwards.
     *
     * @param visible names of the custom properties that the caller knows of
     * @param admin may give it to another owner
     */
    Image apply(Image image, Set<String> visible, boolean admin) {
        Set<String> known = new HashSet<>(visible);
        Image changed = image;
        for (Change change : changes) {
            changed = apply(changed, change, known, admin);
            known.add(change.name());
        }
        return changed;
    }

    private Image apply(Image image, Change change, Set<String> known, boolean admin) {
        String name = change.name();
        boolean attribute = ImageFields.isAttribute(name);
        boolean present =
                attribute || (known.contains(name) && image.properties().containsKey(name));
        if (name.equals("owner") && !admin && !change.operation().equals("remove")) {
            throw GlanceErrors.detailed(Fault.Kind.FORBIDDEN, "Owner can't be updated by non admin.");
        }
        if (name.endsWith("_format") && attribute && image.state() != ImageState.QUEUED) {
            throw Fault.forbidden("Attribute " + name + " can be only replaced for a queued image.");
        }
        if (change.operation().equals("remove")) {
            return remove(image, name, attribute, present);
        }
        if (change.operation().equals("replace") && !present) {
            throw GlanceErrors.detailed(Fault.Kind.CONFLICT, "Property " + name + " does not exist.");
        }
        if (change.operation().equals("add") && present && strictAdd) {
            throw GlanceErrors.detailed(Fault.Kind.CONFLICT, "Property " + name + " already present.");
        }
        JsonNode value = change.value();
        if (value == null) {
            throw new IllegalStateException("a " + change.operation() + " without a value");
        }
        return ImageFields.set(image, name, value);
    }

    private static Image remove(Image image, String name, boolean attribute, boolean present) {
        if (attribute) {
            throw GlanceErrors.detailed(Fault.Kind.FORBIDDEN, "Property " + name + " may not be removed.");
        }
        if (!present) {
            throw GlanceErrors.detailed(Fault.Kind.CONFLICT, "Property " + name + " does not exist.");
        }
        Map<String, String> properties = new TreeMap<>(image.properties());
        properties.remove(name);
        return image.having(properties);
    }
}
