package io.nacre.config;

import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Lays a table over a record. It walks the record rather than the table, so that each complaint can name what was
 * expected; Jackson's own binding would name Java classes to an operator, and stop at the first problem.
 */
final class Binding {
    private final Layers layers;
    private final List<String> problems = new ArrayList<>();

    Binding(Layers layers) {
        this.layers = layers;
    }

    <R extends Record> R section(String name, R defaults) {
        JsonNode table = layers.root().get(name);
        Object bound = record(name, defaults.getClass(), table == null ? noTable() : table, defaults);
        if (!problems.isEmpty() || bound == null) {
            throw new InvalidSettings(problems);
        }
        @SuppressWarnings("unchecked")
        R result = (R) bound;
        return result;
    }

    private static ObjectNode noTable() {
        return JsonNodeFactory.instance.objectNode();
    }

    private @Nullable Object record(String path, Class<?> type, JsonNode node, @Nullable Object defaults) {
        if (!node.isObject()) {
            return problem(path, "expected a table");
        }
        int before = problems.size();
        RecordComponent[] components = type.getRecordComponents();
        var known = new TreeSet<String>();
        @Nullable Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String key = key(components[i]);
            known.add(key);
            JsonNode given = node.get(key);
            String at = path + "." + key;
            Object fallback = defaults == null ? null : read(components[i], defaults);
            if (given != null) {
                values[i] = value(at, components[i].getAnnotatedType(), given, fallback);
            } else if (defaults == null && !isNullable(components[i].getAnnotatedType())) {
                problem(at, "is missing");
            } else {
                values[i] = fallback;
            }
        }
        for (String key : node.propertyNames()) {
            if (!known.contains(key)) {
                problem(path + "." + key, "unknown key; known are: " + String.join(", ", known));
            }
        }
        return problems.size() > before ? null : create(path, type, components, values);
    }

    private @Nullable Object create(
            String path, Class<?> type, RecordComponent[] components, @Nullable Object[] values) {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            // The record's own rules: its message is meant for the operator.
            return problem(path, String.valueOf(e.getTargetException().getMessage()));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make " + type, e);
        }
    }

    private @Nullable Object value(String path, AnnotatedType declared, JsonNode node, @Nullable Object fallback) {
        Class<?> type = rawType(declared.getType());
        if (type == List.class) {
            return list(path, argument(declared, 0), node);
        }
        if (type == Map.class) {
            return map(path, argument(declared, 1), node);
        }
        if (type.isRecord() && !Scalars.knows(type)) {
            return record(path, type, node, fallback);
        }
        Kinds kinds = type.getAnnotation(Kinds.class);
        if (kinds != null) {
            return choice(path, kinds, node);
        }
        Scalars.Reading reading = Scalars.read(type, node, layers.isText(path));
        return reading.expected() == null
                ? reading.value()
                : problem(path, "expected " + reading.expected() + found(type, node));
    }

    private @Nullable Object choice(String path, Kinds kinds, JsonNode node) {
        if (!(node instanceof ObjectNode table)) {
            return problem(path, "expected a table");
        }
        JsonNode given = table.get(kinds.key());
        for (Kinds.Kind kind : kinds.value()) {
            if (given != null && given.isString() && given.stringValue().equals(kind.name())) {
                ObjectNode options = table.deepCopy();
                options.remove(kinds.key());
                return record(path, kind.options(), options, null);
            }
        }
        String known = Arrays.stream(kinds.value()).map(Kinds.Kind::name).collect(Collectors.joining(", "));
        return problem(
                path + "." + kinds.key(),
                given == null ? "is missing, one of " + known : "expected one of " + known + ", found " + given);
    }

    private static String found(Class<?> type, JsonNode node) {
        return type == Secret.class || !node.isValueNode() ? "" : ", found " + node;
    }

    private @Nullable Object list(String path, AnnotatedType element, JsonNode node) {
        List<JsonNode> given = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(given::add);
        } else if (layers.isText(path) && node.isString()) {
            for (String part : node.stringValue().split(",", -1)) {
                if (!part.isBlank()) {
                    given.add(JsonNodeFactory.instance.stringNode(part.strip()));
                }
            }
        } else {
            return problem(path, "expected a list");
        }
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            Object value = value(path + "." + i, element, given.get(i), null);
            if (value != null) {
                values.add(value);
            }
        }
        return List.copyOf(values);
    }

    private @Nullable Object map(String path, AnnotatedType element, JsonNode node) {
        if (!node.isObject()) {
            return problem(path, "expected a table");
        }
        Map<String, Object> values = new LinkedHashMap<>();
        node.properties().forEach(entry -> {
            Object value = value(path + "." + entry.getKey(), element, entry.getValue(), null);
            if (value != null) {
                values.put(entry.getKey(), value);
            }
        });
        return Collections.unmodifiableMap(values);
    }

    private @Nullable Object problem(String path, String text) {
        int dot = path.indexOf('.');
        String where = dot < 0
                ? "section [" + path + "]"
                : "section [" + path.substring(0, dot) + "], key '" + path.substring(dot + 1) + "'";
        problems.add(layers.source(path) + ": " + where + ": " + text);
        return null;
    }

    /** A component's key in the file: startTimeout is start_timeout. */
    static String key(RecordComponent component) {
        return component.getName().replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }

    static @Nullable Object read(RecordComponent component, Object from) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(from);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }

    private static boolean isNullable(AnnotatedType type) {
        return type.isAnnotationPresent(Nullable.class);
    }

    private static AnnotatedType argument(AnnotatedType declared, int index) {
        return ((AnnotatedParameterizedType) declared).getAnnotatedActualTypeArguments()[index];
    }

    static Class<?> rawType(Type type) {
        return (Class<?>) (type instanceof ParameterizedType generic ? generic.getRawType() : type);
    }
}
