package io.nacre.placement.candidate;

import io.nacre.base.Fault;
import io.nacre.http.Query;
import io.nacre.placement.Uuids;
import java.util.ArrayList;
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
        String inTree = query.get("in_tree" + suffix);
        return new Group(
                suffix,
                resources(query.get("resources" + suffix)),
                required,
                forbidden,
                memberOf(query.all("member_of" + suffix), notMemberOf, minor),
                notMemberOf,
                inTree == null ? null : Uuids.require("in_tree", inTree.strip()));
    }

    private static Map<String, Long> resources(@Nullable String text) {
        Map<String, Long> resources = new LinkedHashMap<>();
        if (text == null) {
            return resources;
        }
        for (String part : text.split(",", -1)) {
            String[] words = part.split(":", -1);
            if (words.length != 2 || !words[1].strip().matches("[+-]?\\d{1,15}")) {
                throw bad("Badly formed resources parameter. Expected resources query string parameter in form:"
                        + " ?resources=VCPU:2,MEMORY_MB:1024. Got: " + text + ".");
            }
            long amount = Long.parseLong(words[1].strip());
            if (amount < 1) {
                throw bad("Requested resource " + words[0] + " requires amount >= 1. Got: " + amount + ".");
            }
            resources.put(words[0], amount);
        }
        return resources;
    }

    /** Before 1.39 the last of several values counts alone, before 1.22 none may forbid. */
    private static List<Set<String>> required(List<String> values, Set<String> forbidden, int minor) {
        List<Set<String>> required = new ArrayList<>();
        for (String value : minor >= 39 || values.isEmpty() ? values : List.of(values.getLast())) {
            if (value.startsWith("in:")) {
                Set<String> any = split(value.substring(3));
                if (minor < 39 || any.stream().anyMatch(trait -> trait.startsWith("!"))) {
                    throw bad("Invalid query string parameters: The format 'in:HW_CPU_X86_VMX,CUSTOM_MAGIC' is only"
                            + " supported since microversion 1.39, without forbidden traits. Got: " + value);
                }
                required.add(any);
                continue;
            }
            for (String trait : split(value)) {
                if (!trait.startsWith("!")) {
                    required.add(Set.of(trait));
                } else if (minor >= 22 && !trait.equals("!")) {
                    forbidden.add(trait.substring(1));
                } else {
                    throw bad("Invalid query string parameters: Expected 'required' parameter value of the form:"
                            + " HW_CPU_X86_VMX,CUSTOM_MAGIC. Got: " + value);
                }
            }
        }
        for (Set<String> any : required) {
            if (forbidden.containsAll(any)) {
                throw bad("Conflicting required and forbidden traits found in the following traits keys: required: ("
                        + String.join(", ", any) + ")");
            }
        }
        return required;
    }

    private static List<Set<String>> memberOf(List<String> values, Set<String> not, int minor) {
        List<Set<String>> memberOf = new ArrayList<>();
        if (values.size() > 1 && minor < 24) {
            throw bad("Multiple member_of parameters are not supported");
        }
        for (String value : values) {
            boolean negative = value.startsWith("!");
            if (negative && minor < 32) {
                throw bad("Forbidden member_of parameters are not supported in the specified microversion");
            }
            String rest = negative ? value.substring(1) : value;
            Set<String> any = new LinkedHashSet<>();
            for (String aggregate : rest.startsWith("in:") ? rest.substring(3).split(",", -1) : new String[] {rest}) {
                any.add(Uuids.require("member_of", aggregate));
            }
            if (negative) {
                not.addAll(any);
            } else {
                memberOf.add(any);
            }
        }
        return memberOf;
    }

    /** The parts between the commas, of which none may be empty. */
    static Set<String> split(String text) {
        Set<String> parts = new LinkedHashSet<>();
        for (String part : text.split(",", -1)) {
            parts.add(part.strip());
        }
        if (parts.contains("")) {
            throw bad("Invalid query string parameters: a value in '" + text + "' is empty.");
        }
        return parts;
    }

    private static RuntimeException bad(String message) {
        return Fault.invalid(message);
    }

    /** Every trait that is named, so that unknown ones can be refused. */
    public Set<String> namedTraits() {
        Set<String> named = new LinkedHashSet<>(forbidden);
        required.forEach(named::addAll);
        return named;
    }

    /** Whether one provider, and it alone, answers to all of the group. */
    boolean isMetBy(Snapshot.Node node) {
        return required.stream().allMatch(any -> any.stream().anyMatch(node.traits()::contains))
                && isAllowed(node)
                && isMember(node)
                && notMemberOf.stream().noneMatch(node.aggregates()::contains)
                && resources.entrySet().stream().allMatch(entry -> node.fits(entry.getKey(), entry.getValue()));
    }

    /** Whether the provider has none of the forbidden traits. */
    boolean isAllowed(Snapshot.Node node) {
        return forbidden.stream().noneMatch(node.traits()::contains);
    }

    /** Whether the provider is in one aggregate of each set. */
    boolean isMember(Snapshot.Node node) {
        return memberOf.stream().allMatch(any -> any.stream().anyMatch(node.aggregates()::contains));
    }
}
