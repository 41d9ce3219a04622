package io.nacre.neutron.resource;

import io.nacre.base.Caller;
import io.nacre.neutron.NeutronFault;
import io.nacre.policy.Policy;
import io.nacre.policy.PolicyRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what with one kind of resource: a rule for each action, and for each attribute that has one of its own
 * ({@code create_network:shared}). A caller who may not even see an object is told that it is not there.
 */
public final class Guard<R extends Resource> {
    /** The checks of the four actions, in oslo.policy's language. */
    public record Rules(String create, String show, String update, String delete) {
        /** Members of the owning project change, readers look; operators do both. */
        public static final Rules OWNER = new Rules(
                io.nacre.policy.Personas.PROJECT_MEMBER,
                io.nacre.policy.Personas.PROJECT_READER,
                io.nacre.policy.Personas.PROJECT_MEMBER,
                io.nacre.policy.Personas.PROJECT_MEMBER);

        public static final Rules ADMIN = new Rules(
                io.nacre.policy.Personas.ADMIN,
                io.nacre.policy.Personas.ADMIN,
                io.nacre.policy.Personas.ADMIN,
                io.nacre.policy.Personas.ADMIN);

        /** As {@link #OWNER}, but others may look too. */
        public Rules alsoShownTo(String check) {
            return new Rules(create, show + " or " + check, update, delete);
        }
    }

    private final Attributes<R> attributes;
    private final String singular;
    private final Map<String, PolicyRule> rules = new LinkedHashMap<>();

    Guard(Attributes<R> attributes, Rules checks) {
        this.attributes = attributes;
        this.singular = attributes.singular();
        declare("create_" + singular, checks.create());
        declare("get_" + singular, checks.show());
        declare("update_" + singular, checks.update());
        declare("delete_" + singular, checks.delete());
        for (Attribute<R> attribute : attributes.all()) {
            String suffix = singular + ":" + attribute.name();
            declare("create_" + suffix, attribute.createRule());
            declare("update_" + suffix, attribute.updateRule());
            declare("get_" + suffix, attribute.showRule());
            attribute.memberRules().forEach((member, check) -> {
                declare("create_" + suffix + ":" + member, check);
                declare("update_" + suffix + ":" + member, check);
            });
        }
    }

    private void declare(String name, @Nullable String check) {
        if (check != null) {
            rules.put(name, PolicyRule.of(name, check));
        }
    }

    PolicyRule rule(String action) {
        return Objects.requireNonNull(rules.get(action + "_" + singular));
    }

    public List<PolicyRule> rules() {
        return List.copyOf(rules.values());
    }

    boolean shows(Policy policy, Caller caller, Map<String, @Nullable Object> target) {
        return policy.allows("get_" + singular, caller, target);
    }

    void create(Policy policy, Caller caller, Input input, Map<String, @Nullable Object> target) {
        Map<String, @Nullable Object> full = new HashMap<>(target);
        full.put("tenant_id", target.get("project_id"));
        List<String> refused = new ArrayList<>();
        ask(policy, caller, full, "create_" + singular, refused);
        for (String name : input.sent()) {
            Attribute<R> attribute = attributes.get(name);
            if (attribute != null
                    && !(attribute.hasDefault() && Objects.equals(attribute.defaultValue(), input.get(name)))) {
                attribute(policy, caller, input, full, "create", attribute, refused);
            }
        }
        refuse(refused);
    }

    /** @param target as it was before */
    void update(Policy policy, Caller caller, Input input, Map<String, @Nullable Object> target) {
        List<String> refused = new ArrayList<>();
        ask(policy, caller, target, "update_" + singular, refused);
        for (String name : input.sent()) {
            Attribute<R> attribute = attributes.get(name);
            if (attribute != null) {
                attribute(policy, caller, input, target, "update", attribute, refused);
            }
        }
        refuse(refused);
    }

    void delete(Policy policy, Caller caller, Map<String, @Nullable Object> target) {
        List<String> refused = new ArrayList<>();
        ask(policy, caller, target, "delete_" + singular, refused);
        refuse(refused);
    }

    private void attribute(
            Policy policy,
            Caller caller,
            Input input,
            Map<String, @Nullable Object> target,
            String action,
            Attribute<R> attribute,
            List<String> refused) {
        String rule = action + "_" + singular + ":" + attribute.name();
        ask(policy, caller, target, rule, refused);
        if (!attribute.memberRules().isEmpty()) {
            Map<String, Object> object = input.object(attribute.name(), Map.of());
            List<Map<String, Object>> items = object.isEmpty() ? input.objects(attribute.name()) : List.of(object);
            for (Map<String, Object> item : items) {
                item.keySet().forEach(member -> ask(policy, caller, target, rule + ":" + member, refused));
            }
        }
    }

    private void ask(
            Policy policy, Caller caller, Map<String, @Nullable Object> target, String rule, List<String> refused) {
        if (rules.containsKey(rule) && !policy.allows(rule, caller, target)) {
            refused.add(rule);
        }
    }

    private static void refuse(List<String> refused) {
        if (!refused.isEmpty()) {
            throw NeutronFault.forbidden(refused.getFirst());
        }
    }

    /** What the caller sees, of the fields they asked for; none means all. */
    Map<String, @Nullable Object> view(
            Policy policy,
            Caller caller,
            Map<String, @Nullable Object> shown,
            Map<String, @Nullable Object> target,
            Set<String> fields) {
        Map<String, @Nullable Object> view = LinkedHashMap.newLinkedHashMap(shown.size());
        shown.forEach((name, value) -> {
            boolean wanted = fields.isEmpty() || fields.contains(name);
            String rule = "get_" + singular + ":" + name;
            if (wanted && (!rules.containsKey(rule) || policy.allows(rule, caller, target))) {
                view.put(name, value);
            }
        });
        return view;
    }
}
