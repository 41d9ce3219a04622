package io.nacre.glance.image;

import io.nacre.base.Fault;
import io.nacre.base.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
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
            throw Fault.invalid("Request body must be a JSON array of operation objects.");
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
        String name = name(path.stringValue());
        if (name.equals("locations")) {
            places.add(place(operation, path.stringValue(), raw.get("value")));
            return;
        }
        ImageFields.requireWritable(name);
        if (name.equals("id")) {
            throw Fault.forbidden("Attribute 'id' is read-only.");
        }
        if (operation.equals("remove")) {
            changes.add(new Change(operation, name, null));
            return;
        }
        JsonNode value = raw.get("value");
        if (value == null) {
            throw Fault.invalid("Operation \"" + operation + "\" requires a member named \"value\".");
        }
        ImageFields.check(ImageFields.part(name, value));
        changes.add(new Change(operation, name, value));
    }

    /** One of them is added and removed by its position, all of them are replaced. */
    private static Places.Change place(String operation, String pointer, @Nullable JsonNode value) {
        String[] parts = pointer.substring(1).split("/", -1);
        if (parts.length != (operation.equals("replace") ? 1 : 2)) {
            throw Fault.invalid("Invalid JSON pointer for this resource: '" + pointer + "'");
        }
        if (operation.equals("remove")) {
            return new Places.Change(operation, parts[1], null);
        }
        if (value == null) {
            throw Fault.invalid("Operation \"" + operation + "\" requires a member named \"value\".");
        }
        boolean all = operation.equals("replace");
        ImageFields.check(ImageFields.part("locations", all ? value : Json.tree(List.of(value))));
        return new Places.Change(operation, all ? null : parts[1], value);
    }

    private static String operation(JsonNode raw) {
        String known = String.join(", ", OPERATIONS);
        JsonNode operation = raw.get("op");
        if (operation == null) {
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
            throw Fault.invalid("Operation objects must contain exactly one member named \"add\", \"remove\", or"
                    + " \"replace\".");
        }
        return found.getFirst();
    }

    /** A JSON pointer of one segment (RFC 6901). */
    private static String name(String pointer) {
        if (!pointer.startsWith("/")) {
            throw Fault.invalid("Pointer `" + pointer + "` does not start with \"/\".");
        }
        if (ADJACENT.matcher(pointer.substring(1)).find()) {
            throw Fault.invalid("Pointer `" + pointer + "` contains adjacent \"/\".");
        }
        if (pointer.length() > 1 && pointer.endsWith("/")) {
            throw Fault.invalid("Pointer `" + pointer + "` end with \"/\".");
        }
        if (BAD_ESCAPE.matcher(pointer).find()) {
            throw Fault.invalid("Pointer `" + pointer + "` contains \"~\" not part of a recognized escape sequence.");
        }
        String name = pointer.substring(1);
        if (name.isBlank() || (name.indexOf('/') >= 0 && !name.startsWith("locations/"))) {
            throw Fault.invalid("Invalid JSON pointer for this resource: '" + pointer + "'");
        }
        if (name.startsWith("locations/")) {
            return "locations";
        }
        return name.replace("~1", "/").replace("~0", "~").strip();
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
        if (name.equals("owner") && !admin) {
            throw Fault.forbidden("Owner can't be updated by non admin.");
        }
        if (name.endsWith("_format") && attribute && image.state() != ImageState.QUEUED) {
            throw Fault.forbidden("Attribute " + name + " can be only replaced for a queued image.");
        }
        if (change.operation().equals("remove")) {
            return remove(image, name, attribute, present);
        }
        if (change.operation().equals("replace") && !present) {
            throw Fault.conflict("Property " + name + " does not exist.");
        }
        if (change.operation().equals("add") && present && strictAdd) {
            throw Fault.conflict("Property " + name + " already present.");
        }
        JsonNode value = change.value();
        if (value == null) {
            throw new IllegalStateException("a " + change.operation() + " without a value");
        }
        return ImageFields.set(image, name, value);
    }

    private static Image remove(Image image, String name, boolean attribute, boolean present) {
        if (attribute) {
            throw Fault.forbidden("Property " + name + " may not be removed.");
        }
        if (!present) {
            throw Fault.conflict("Property " + name + " does not exist.");
        }
        Map<String, String> properties = new TreeMap<>(image.properties());
        properties.remove(name);
        return image.having(properties);
    }
}
