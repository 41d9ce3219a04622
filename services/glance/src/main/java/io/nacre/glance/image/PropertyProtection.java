package io.nacre.glance.image;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.policy.Policy;
import io.nacre.policy.PolicyRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Who may create, read, update and delete which custom properties: the original's file of property protections. A
 * section is a regular expression, the first that is found in a property's name counts, and a property that none is
 * found in is nobody's. Without a file everybody may do everything that the image lets them.
 */
public final class PropertyProtection {
    /** What can be done with a property. */
    enum Operation {
        CREATE,
        READ,
        UPDATE,
        DELETE;

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final String EVERYBODY = "@";
    private static final String NOBODY = "!";

    private record Section(String name, Pattern pattern, Map<Operation, Set<String>> who) {
        String rule(Operation operation) {
            return name + ":" + operation.key();
        }
    }

    private final List<Section> sections;
    private final boolean policies;
    private final boolean on;

    private PropertyProtection(List<Section> sections, boolean policies, boolean on) {
        this.sections = List.copyOf(sections);
        this.policies = policies;
        this.on = on;
    }

    /** @throws IllegalArgumentException when the file is missing or is none of property protections */
    public static PropertyProtection of(PropertyProtectionConfig config) {
        boolean policies = config.ruleFormat().equals(PropertyProtectionConfig.POLICIES);
        Path file = config.file();
        return file == null
                ? new PropertyProtection(List.of(), policies, false)
                : new PropertyProtection(read(file, policies), policies, true);
    }

    private static List<Section> read(Path file, boolean policies) {
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException("property_protection: there is no file " + file);
        }
        List<Section> sections = new ArrayList<>();
        try {
            String name = null;
            Map<String, String> values = new HashMap<>();
            for (String raw : Files.readAllLines(file)) {
                String line = raw.strip();
                if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
                    continue;
                }
                if (line.startsWith("[") && line.endsWith("]")) {
                    if (name != null) {
                        sections.add(section(name, values, policies));
                    }
                    name = line.substring(1, line.length() - 1);
                    values = new HashMap<>();
                    continue;
                }
                int at = line.indexOf('=');
                if (at < 0 || name == null) {
                    throw new IllegalArgumentException("property_protection: not understood: " + line);
                }
                values.put(line.substring(0, at).strip(), line.substring(at + 1).strip());
            }
            if (name != null) {
                sections.add(section(name, values, policies));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sections;
    }

    private static Section section(String name, Map<String, String> values, boolean policies) {
        Map<Operation, Set<String>> who = new HashMap<>();
        for (Operation operation : Operation.values()) {
            String value = values.get(operation.key());
            if (value == null) {
                throw new IllegalArgumentException(
                        "property_protection: [" + name + "] does not say who may " + operation.key());
            }
            Set<String> names = new HashSet<>();
            for (String one : value.split(",", -1)) {
                if (!one.isBlank()) {
                    names.add(policies ? one.strip() : one.strip().toLowerCase(Locale.ROOT));
                }
            }
            if (names.containsAll(Set.of(EVERYBODY, NOBODY)) || (policies && names.size() > 1)) {
                throw new IllegalArgumentException(
                        "property_protection: [" + name + "] " + operation.key() + " contradicts itself: " + value);
            }
            who.put(operation, names);
        }
        try {
            return new Section(name, Pattern.compile(name), who);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("property_protection: no regular expression: " + name, e);
        }
    }

    /** Rules that the operator's rules stand in for, when the file speaks of policies. */
    public List<PolicyRule> rules() {
        List<PolicyRule> rules = new ArrayList<>();
        for (Section section : policies ? sections : List.<Section>of()) {
            section.who()
                    .forEach((operation, names) -> names.stream()
                            .filter(name -> !name.equals(EVERYBODY) && !name.equals(NOBODY))
                            .forEach(name -> rules.add(
                                    PolicyRule.anyScope(section.rule(operation), "rule:" + name, "A property."))));
        }
        return rules;
    }

    private boolean allows(Policy policy, Caller caller, Operation operation, String property) {
        if (!on) {
            return true;
        }
        for (Section section : sections) {
            if (section.pattern().matcher(property).find()) {
                Set<String> who = Objects.requireNonNull(section.who().get(operation));
                if (who.contains(NOBODY) || who.isEmpty()) {
                    return false;
                }
                if (who.contains(EVERYBODY)) {
                    return true;
                }
                return policies
                        ? policy.allows(section.rule(operation), caller, Map.of())
                        : caller.roles().stream().anyMatch(role -> who.contains(role.toLowerCase(Locale.ROOT)));
            }
        }
        return false;
    }

    /** The image without the properties that the caller may not read. */
    Image readable(Policy policy, Caller caller, Image image) {
        if (!on) {
            return image;
        }
        Map<String, String> shown = new TreeMap<>(image.properties());
        shown.keySet().removeIf(name -> !allows(policy, caller, Operation.READ, name));
        return image.having(shown);
    }

    /** Faults with FORBIDDEN when a property that is made, changed or removed is not the caller's to do so with. */
    void enforce(Policy policy, Caller caller, Map<String, String> before, Map<String, String> after) {
        Set<String> all = new HashSet<>(before.keySet());
        all.addAll(after.keySet());
        for (String name : all) {
            if (Objects.equals(before.get(name), after.get(name))) {
                continue;
            }
            Operation operation = !after.containsKey(name)
                    ? Operation.DELETE
                    : before.containsKey(name) && allows(policy, caller, Operation.READ, name)
                            ? Operation.UPDATE
                            : Operation.CREATE;
            if (!allows(policy, caller, operation, name)) {
                throw Fault.forbidden("Attribute '" + name + "' is reserved.");
            }
        }
    }
}
