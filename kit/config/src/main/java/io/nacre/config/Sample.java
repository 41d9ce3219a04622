package io.nacre.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/** Prints a configuration file that documents every option and sets none of them: each stands there as a comment. */
public final class Sample {
    private final StringBuilder out = new StringBuilder();

    private Sample() {}

    /** @param sections name of the section to its defaults, in the order in which they shall be printed */
    public static String print(Map<String, ? extends Record> sections) {
        Sample sample = new Sample();
        sections.forEach(sample::table);
        return sample.out.toString();
    }

    private void table(String name, Record defaults) {
        out.append('[').append(name).append("]\n");
        doc(defaults.getClass().getAnnotation(Doc.class));
        List<Runnable> nested = new ArrayList<>();
        for (RecordComponent component : defaults.getClass().getRecordComponents()) {
            Object value = Binding.read(component, defaults);
            String key = Binding.key(component);
            if (value instanceof Record inner && !Scalars.knows(inner.getClass())) {
                nested.add(() -> {
                    doc(component.getAnnotation(Doc.class));
                    table(name + "." + key, inner);
                });
            } else if (value instanceof Map<?, ?> && element(component).isAnnotationPresent(Kinds.class)) {
                nested.add(() -> kinds(component, name + "." + key + ".NAME"));
            } else {
                out.append('\n');
                doc(component.getAnnotation(Doc.class));
                option(component, key, value);
            }
        }
        out.append('\n');
        nested.forEach(Runnable::run);
    }

    private static Class<?> element(RecordComponent map) {
        return Binding.rawType(((ParameterizedType) map.getGenericType()).getActualTypeArguments()[1]);
    }

    /** A table of each kind, commented out as a whole: there may be any number of them, or none. */
    private void kinds(RecordComponent component, String name) {
        Kinds kinds = element(component).getAnnotation(Kinds.class);
        doc(component.getAnnotation(Doc.class));
        for (Kinds.Kind kind : kinds.value()) {
            out.append('\n');
            doc(kind.options().getAnnotation(Doc.class));
            out.append("#[").append(name).append("]\n");
            out.append('#')
                    .append(kinds.key())
                    .append(" = ")
                    .append(quoted(kind.name()))
                    .append('\n');
            for (RecordComponent option : kind.options().getRecordComponents()) {
                doc(option.getAnnotation(Doc.class));
                out.append('#').append(Binding.key(option)).append(" =\n");
            }
        }
        out.append('\n');
    }

    private void option(RecordComponent component, String key, @Nullable Object value) {
        Class<?> type = component.getType();
        if (type.isEnum()) {
            doc("One of "
                    + List.of(type.getEnumConstants()).stream()
                            .map(Scalars::choice)
                            .collect(Collectors.joining(", ")) + ".");
        }
        if (value == null || value instanceof Secret) {
            doc("Not set by default: " + key);
        } else {
            out.append('#').append(key).append(" = ").append(toml(value)).append('\n');
        }
    }

    private void doc(@Nullable Doc doc) {
        if (doc != null) {
            doc(doc.value());
        }
    }

    private void doc(String text) {
        text.lines().forEach(line -> out.append("# ").append(line.strip()).append('\n'));
    }

    private static String toml(Object value) {
        return switch (value) {
            case Boolean truth -> truth.toString();
            case Number number -> number.toString();
            case Duration duration -> quoted(Scalars.write(duration));
            case Enum<?> constant -> quoted(Scalars.choice(constant));
            case List<?> list -> list.stream().map(Sample::toml).collect(Collectors.joining(", ", "[", "]"));
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(entry -> quoted(entry.getKey().toString()) + " = " + toml(entry.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
            case Record table when !Scalars.knows(table.getClass()) -> inline(table);
            default -> quoted(value.toString());
        };
    }

    private static String inline(Record table) {
        List<String> entries = new ArrayList<>();
        for (RecordComponent component : table.getClass().getRecordComponents()) {
            Object value = Binding.read(component, table);
            if (value != null) {
                entries.add(Binding.key(component) + " = " + toml(value));
            }
        }
        return "{" + String.join(", ", entries) + "}";
    }

    /** JSON's way to quote text is a part of TOML's. */
    private static String quoted(String text) {
        return JsonNodeFactory.instance.stringNode(text).toString();
    }
}
