package io.nacre.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * Layers of settings, of which a later one wins over those before it, key by key. Add the layers first, then ask
 * for the sections; meant for one thread, at the start of the program.
 */
public final class Settings {
    private final Layers layers = new Layers();
    private final TreeSet<String> sections = new TreeSet<>();

    /** Adds a TOML file, which must exist. */
    public Settings file(Path file) {
        layers.file(file);
        return this;
    }

    /** Adds TOML text; the name stands in complaints about it. */
    public Settings text(String name, String toml) {
        layers.toml(name, toml);
        return this;
    }

    /**
     * Adds the variables that begin with NACRE_ and have a double underscore between section and key, as
     * oslo.config's environment driver has it: {@code NACRE_NOVA__START_TIMEOUT=30s} sets start_timeout in [nova].
     */
    public Settings environment(Map<String, String> variables) {
        variables.keySet().stream()
                .sorted()
                .filter(name -> name.startsWith("NACRE_") && name.indexOf("__") > "NACRE_".length())
                .forEach(name -> layers.override(
                        "environment variable " + name,
                        name.substring("NACRE_".length())
                                .toLowerCase(Locale.ROOT)
                                .replace("__", "."),
                        String.valueOf(variables.get(name))));
        return this;
    }

    /** Adds one option as {@code section.key=value}; a list is written with commas. */
    public Settings override(String option) {
        int equals = option.indexOf('=');
        int dot = option.indexOf('.');
        if (dot < 1 || equals < dot + 2) {
            // The text after the sign may be a password.
            String shown = equals < 0 ? option : option.substring(0, equals);
            throw new InvalidSettings("override '" + shown + "' is not of the form section.key=value");
        }
        layers.override("command line", option.substring(0, equals).strip(), option.substring(equals + 1));
        return this;
    }

    /**
     * The section laid over the defaults. Nested records are nested tables and are laid over key by key; lists and
     * maps replace the default as a whole.
     *
     * @throws InvalidSettings with everything that is wrong in this section
     */
    public <R extends Record> R section(String name, R defaults) {
        sections.add(name);
        return new Binding(layers).section(name, defaults);
    }

    /** To be called when every section has been asked for. */
    public void rejectUnknownSections() {
        List<String> problems = new ArrayList<>();
        layers.root().properties().forEach(entry -> {
            String name = entry.getKey();
            if (!entry.getValue().isObject()) {
                problems.add(layers.source(name) + ": key '" + name + "' stands outside of any section");
            } else if (!sections.contains(name)) {
                problems.add(layers.source(name) + ": unknown section [" + name + "]; known are: "
                        + String.join(", ", sections));
            }
        });
        if (!problems.isEmpty()) {
            throw new InvalidSettings(problems);
        }
    }
}
