package io.nacre.placement.candidate;

import io.nacre.base.Fault;
import io.nacre.http.Query;
import io.nacre.placement.PlacementErrors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is searched for.
 *
 * @param isolate whether no two groups with a suffix may share a provider
 * @param sameSubtree sets of suffixes whose providers must lie below one of them
 * @param rootRequired traits that the root must have
 * @param rootForbidden traits that the root must not have
 * @param nested false before 1.29: no two providers of one tree together
 */
public record CandidateQuery(
        List<Group> groups,
        boolean isolate,
        List<Set<String>> sameSubtree,
        Set<String> rootRequired,
        Set<String> rootForbidden,
        boolean nested,
        int limit) {
    private static final Pattern GROUPED =
            Pattern.compile("(resources|required|member_of|in_tree)([a-zA-Z0-9_-]{1,64})?");
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]*");
    /** When a parameter came. */
    private static final Map<String, Integer> SINCE = Map.of(
            "resources", 10,
            "limit", 16,
            "required", 17,
            "member_of", 21,
            "group_policy", 25,
            "in_tree", 31,
            "root_required", 35,
            "same_subtree", 36);

    private static final int GROUPS_SINCE = 25;
    private static final int NESTED_SINCE = 29;
    private static final int WORDS_AS_SUFFIX_SINCE = 33;
    private static final int WITHOUT_RESOURCES_SINCE = 36;

    static CandidateQuery parse(Query query, int minor) {
        Set<String> suffixes = suffixes(query, minor);
        Set<String> rootForbidden = new LinkedHashSet<>();
        Set<String> rootRequired = rootRequired(query.all("root_required"), rootForbidden);
        List<Set<String>> subtrees = subtrees(query.all("same_subtree"));
        Map<String, Group> groups = new LinkedHashMap<>();
        suffixes.forEach(suffix -> groups.put(suffix, Group.parse(query, suffix, minor)));
        if (minor >= WITHOUT_RESOURCES_SINCE) {
            requireKnown(groups, subtrees);
        } else {
            requireResources(groups);
        }
        String policy = query.get("group_policy");
        if (policy != null && !Set.of("none", "isolate").contains(policy)) {
            throw Fault.invalid("Invalid query string parameters: '" + policy + "' is not one of ['none', 'isolate']");
        }
        if (policy == null && groups.size() - (groups.containsKey("") ? 1 : 0) > 1) {
            throw Fault.invalid("The \"group_policy\" parameter is required when specifying more than one"
                    + " \"resources{N}\" parameter.");
        }
        return new CandidateQuery(
                List.copyOf(groups.values()),
                "isolate".equals(policy),
                subtrees,
                rootRequired,
                rootForbidden,
                minor >= NESTED_SINCE,
                limit(query));
    }

    /** The suffixes of the groups, the empty one first; faults with INVALID on a parameter that this version has not. */
    private static Set<String> suffixes(Query query, int minor) {
        Set<String> known = new LinkedHashSet<>();
        Set<String> suffixes = new TreeSet<>();
        for (String name : query.names()) {
            Matcher grouped = GROUPED.matcher(name);
            boolean isGrouped = grouped.matches();
            String plain = isGrouped ? grouped.group(1) : name;
            String suffix = isGrouped && grouped.group(2) != null ? grouped.group(2) : "";
            boolean suffixFits = suffix.isEmpty()
                    || minor >= WORDS_AS_SUFFIX_SINCE
                    || (minor >= GROUPS_SINCE && NUMBER.matcher(suffix).matches());
            if (minor >= SINCE.getOrDefault(plain, Integer.MAX_VALUE) && suffixFits) {
                known.add(name);
                if (isGrouped) {
                    suffixes.add(suffix);
                }
            }
        }
        query.allow(known);
        if (minor < GROUPS_SINCE && !suffixes.contains("")) {
            throw Fault.invalid("Invalid query string parameters: 'resources' is a required property");
        }
        return suffixes;
    }

    private static Set<String> rootRequired(List<String> values, Set<String> forbidden) {
        if (values.size() > 1) {
            throw Fault.of(
                    Fault.Kind.INVALID,
                    PlacementErrors.DUPLICATE_KEY,
                    "Query parameter 'root_required' may be specified only once.");
        }
        Set<String> required = new LinkedHashSet<>();
        for (String value : values) {
            for (String trait : Group.split(value)) {
                if (trait.startsWith("in:")) {
                    throw Fault.invalid("Invalid query string parameters: The format 'in:' is not supported in"
                            + " root_required. Got: " + value);
                }
                if (trait.startsWith("!")) {
                    forbidden.add(trait.substring(1));
                } else {
                    required.add(trait);
                }
            }
        }
        Set<String> both = new LinkedHashSet<>(required);
        both.retainAll(forbidden);
        if (!both.isEmpty()) {
            throw bad("Conflicting required and forbidden traits found in root_required: " + String.join(", ", both));
        }
        return required;
    }

    private static List<Set<String>> subtrees(List<String> values) {
        List<Set<String>> subtrees = new ArrayList<>();
        for (String value : values) {
            Set<String> subtree = new LinkedHashSet<>();
            for (String suffix : value.split(",", -1)) {
                subtree.add(suffix.strip());
            }
            if (subtree.contains("")) {
                throw bad("Empty string (unsuffixed group) can not be specified in `same_subtree`");
            }
            subtrees.add(subtree);
        }
        return subtrees;
    }

    /** A group without resources only says where others may lie, and so must stand in a {@code same_subtree}. */
    private static void requireKnown(Map<String, Group> groups, List<Set<String>> subtrees) {
        Set<String> related = new LinkedHashSet<>();
        subtrees.forEach(related::addAll);
        Set<String> bare = new LinkedHashSet<>();
        groups.forEach((suffix, group) -> {
            if (group.resources().isEmpty()) {
                bare.add(suffix);
            }
        });
        if (bare.size() == groups.size()) {
            throw Fault.of(
                    Fault.Kind.INVALID,
                    PlacementErrors.MISSING_VALUE,
                    "There must be at least one resources or resources[$S] parameter.");
        }
        if (!related.containsAll(bare)) {
            bare.removeAll(related);
            throw bad("Resourceless suffixed group request should be specified in `same_subtree` query param: bad"
                    + " group(s) - " + bare + ".");
        }
        if (!groups.keySet().containsAll(related)) {
            related.removeAll(groups.keySet());
            throw bad("Real suffixes should be specified in `same_subtree`: " + related + " not found in "
                    + groups.keySet() + ".");
        }
    }

    private static void requireResources(Map<String, Group> groups) {
        if (groups.isEmpty()) {
            throw Fault.invalid("At least one request group (`resources` or `resources{$S}`) is required.");
        }
        groups.forEach((suffix, group) -> {
            if (group.resources().isEmpty()) {
                throw Fault.invalid("All request groups must specify resources; group '" + suffix + "' does not.");
            }
        });
    }

    private static int limit(Query query) {
        String text = query.get("limit");
        if (text == null) {
            return Integer.MAX_VALUE;
        }
        if (!NUMBER.matcher(text).matches()) {
            throw Fault.invalid("Invalid query string parameters: '" + text + "' does not match '^[1-9][0-9]*$'");
        }
        return text.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(text);
    }

    private static RuntimeException bad(String message) {
        return Fault.of(Fault.Kind.INVALID, PlacementErrors.BAD_VALUE, message);
    }

    /** Every class and every trait that is named, so that unknown ones can be refused. */
    Set<String> namedClasses() {
        Set<String> named = new LinkedHashSet<>();
        groups.forEach(group -> named.addAll(group.resources().keySet()));
        return named;
    }

    Set<String> namedTraits() {
        Set<String> named = new LinkedHashSet<>(rootForbidden);
        named.addAll(rootRequired);
        groups.forEach(group -> named.addAll(group.namedTraits()));
        return named;
    }
}
