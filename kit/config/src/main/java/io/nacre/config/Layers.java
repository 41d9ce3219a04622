package io.nacre.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.toml.TomlMapper;

/** All layers merged into one tree, with the memory of where each value came from. */
final class Layers {
    private static final TomlMapper TOML = TomlMapper.builder().build();

    private final ObjectNode root = JsonNodeFactory.instance.objectNode();
    private final Map<String, Origin> origins = new HashMap<>();

    /** @param text true when the value is written without TOML's types, as on the command line */
    private record Origin(String source, boolean text) {}

    ObjectNode root() {
        return root;
    }

    void file(Path file) {
        try {
            toml(file.toString(), Files.readString(file));
        } catch (IOException e) {
            throw new InvalidSettings(file + ": cannot be read: " + e.getMessage());
        }
    }

    void toml(String source, String text) {
        try {
            merge(root, TOML.readTree(text), "", new Origin(source, false));
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            String line = at == null ? "" : " line " + at.getLineNr();
            throw new InvalidSettings(source + line + ": not valid TOML: " + e.getOriginalMessage());
        }
    }

    void override(String source, String path, String value) {
        ObjectNode layer = JsonNodeFactory.instance.objectNode();
        ObjectNode table = layer;
        List<String> names = List.of(path.split("\\.", -1));
        for (String name : names.subList(0, names.size() - 1)) {
            table = table.putObject(name);
        }
        table.put(names.getLast(), value);
        merge(root, layer, "", new Origin(source, true));
    }

    private void merge(ObjectNode below, JsonNode above, String prefix, Origin origin) {
        above.properties().forEach(entry -> {
            String path = prefix + entry.getKey();
            JsonNode old = below.get(entry.getKey());
            if (old instanceof ObjectNode table && entry.getValue().isObject()) {
                merge(table, entry.getValue(), path + ".", origin);
            } else {
                below.set(entry.getKey(), entry.getValue());
                origins.keySet().removeIf(key -> key.startsWith(path + "."));
                origins.put(path, origin);
            }
        });
    }

    /** The file or other place that has set the value, for complaints. */
    String source(String path) {
        Origin origin = origin(path);
        return origin == null ? "settings" : origin.source();
    }

    boolean isText(String path) {
        Origin origin = origin(path);
        return origin != null && origin.text();
    }

    private @Nullable Origin origin(String path) {
        String key = path;
        while (true) {
            Origin origin = origins.get(key);
            int dot = key.lastIndexOf('.');
            if (origin != null || dot < 0) {
                return origin;
            }
            key = key.substring(0, dot);
        }
    }
}
