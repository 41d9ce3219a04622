package io.nacre.placement.candidate;

import io.nacre.base.Fault;
import io.nacre.http.Query;
import io.nacre.placement.PlacementErrors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One group of wishes: {@code resources<S>}, {@code required<S>}, {@code member_of<S>}, {@code in_tree<S>}.
 *
 * @param required sets of traits, of each of which one must be there
 * @param memberOf sets of aggregates, in one of each of which the provider must be
 * @param notMemberOf aggregates it must not be in
 */
public record Group(
        String suffix,
        Map<String, Long> resources,
        List<Set<String>> required,
        Set<String> forbidden,
        List<Set<String>> memberOf,
        Set<String> notMemberOf,
        @Nullable String inTree) {

    public static Group parse(Query query, String suffix, int minor) {
        Set<String> forbidden = new LinkedHashSet<>();
        List<Set<String>> required = required(query.all("required" + suffix), forbidden, minor);
        Set<String> notMemberOf = new LinkedHashSet<>();
        return new Group(
                suffix,
                resources(query.get("resources" + suffix)),
                required,
                forbidden,
                memberOf(query.all("member_of" + suffix), notMemberOf, minor),
                notMemberOf,
                query.get("in_tree" + suffix));
    }

    private static Map<String, Long> resources(@Nullable String text) {
        Map<String, Long> resources = new LinkedHashMap<>();
        if (text == null) {
            return resources;
        }
        for (String part : text.split(",")) {
            String[] words = part.split(":", -1);
            if (words.length != 2 || !words[0].matches("[A-Z0-9_]+") || !words[1].matches("\\d{1,15}")) {
                throw bad("Badly formed resources parameter. Expected resources query string parameter in form:"
                        + " ?resources=VCPU:2,MEMORY_MB:1024. Got: " + text + ".");
            }
            long amount = Long.parseLong(words[1]);
            if (amount < 1) {
                throw bad("Requested resource " + words[0] + " requires amount of 1 or more, got " + amount + ".");
            }
            resources.put(words[0], amount);
        }
        return resources;
    }

    private static List<Set<String>> required(List<String> values, Set<String> forbidden, int minor) {
        List<Set<String>> required = new ArrayList<>();
        if (values.size() > 1 && minor < 39) {
            throw bad("Invalid query string parameters: 'required' may be given once before 1.39.");
        }
        for (String value : values) {
            if (value.startsWith("in:") && minor >= 39) {
                Set<String> any = split(value.substring(3));
                if (any.stream().anyMatch(trait -> trait.startsWith("!"))) {
                    throw bad("The format 'in:!TRAIT' is not supported in required.");
                }
                required.add(any);
                continue;
            }
            for (String trait : split(value)) {
                if (trait.startsWith("!") && minor >= 22) {
                    forbidden.add(trait.substring(1));
                } else {
                    required.add(Set.of(trait));
                }
            }
        }
        for (Set<String> one : required) {
            if (one.size() == 1 && forbidden.containsAll(one)) {
                throw bad("Conflicting required and forbidden traits found in the query: " + String.join(", ", one)
                        + ".");
            }
        }
        return required;
    }

    private static List<Set<String>> memberOf(List<String> values, Set<String> not, int minor) {
        List<Set<String>> memberOf = new ArrayList<>();
        if (values.size() > 1 && minor < 24) {
            throw bad("Invalid query string parameters: 'member_of' may be given once before 1.24.");
        }
        for (String value : values) {
            boolean negative = value.startsWith("!") && minor >= 32;
            String rest = negative ? value.substring(1) : value;
            Set<String> any = rest.startsWith("in:") ? split(rest.substring(3)) : Set.of(rest);
            for (String aggregate : any) {
                if (!aggregate.matches("[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")) {
                    throw bad("Expected 'member_of' parameter to contain valid UUID(s). Got: " + value);
                }
            }
            if (negative) {
                not.addAll(any);
            } else {
                memberOf.add(any);
            }
        }
        return memberOf;
    }

    private static Set<String> split(String text) {
        Set<String> parts = new LinkedHashSet<>(Arrays.asList(text.split(",", -1)));
        if (parts.contains("")) {
            throw bad("A value in '" + text + "' is empty.");
        }
        return parts;
    }

    private static RuntimeException bad(String message) {
        return Fault.of(Fault.Kind.INVALID, PlacementErrors.BAD_VALUE, message);
    }

    /** Every trait that is named, so that unknown ones can be refused. */
    public Set<String> namedTraits() {
        Set<String> named = new LinkedHashSet<>(forbidden);
        required.forEach(named::addAll);
        return named;
    }

    /** Whether one provider answers to everything but the resources. */
    public boolean accepts(Snapshot.Node node, Set<String> aggregates) {
        return required.stream().allMatch(any -> any.stream().anyMatch(node.traits()::contains))
                && forbidden.stream().noneMatch(node.traits()::contains)
                && isMember(aggregates);
    }

    boolean isMember(Set<String> aggregates) {
        return memberOf.stream().allMatch(any -> any.stream().anyMatch(aggregates::contains))
                && notMemberOf.stream().noneMatch(aggregates::contains);
    }

    /** Whether one provider could give every resource of the group. */
    public boolean fits(Snapshot.Node node) {
        return resources.entrySet().stream().allMatch(entry -> node.fits(entry.getKey(), entry.getValue()));
    }
}
