package io.nacre.keystone.mapping.rule;

import io.nacre.base.Fault;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The rules of a mapping, ready to be applied. */
public final class Rules {
    private final List<Rule> rules;
    private final boolean domainIsDefault;

    private record Rule(List<Requirement> remote, List<Local> local) {}

    private Rules(List<Rule> rules, boolean domainIsDefault) {
        this.rules = rules;
        this.domainIsDefault = domainIsDefault;
    }

    /**
     * Faults with INVALID when a regular expression or a template is not well formed.
     *
     * @param schemaVersion from 2.0 on the domain of a local part is also that of its user and projects
     * @param rules of the form that the version's schema asks for
     */
    public static Rules of(String schemaVersion, JsonNode rules) {
        return new Rules(
                rules.valueStream()
                        .map(rule -> new Rule(
                                rule.get("remote")
                                        .valueStream()
                                        .map(Requirement::of)
                                        .toList(),
                                rule.get("local").valueStream().map(Local::of).toList()))
                        .toList(),
                !schemaVersion.equals("1.0"));
    }

    /** Faults with INVALID when nothing can be made of it, INTERNAL when a template names what no rule asks for. */
    public Mapped apply(Assertion assertion) {
        List<Local.Filled> filled = new ArrayList<>();
        for (Rule rule : rules) {
            List<List<String>> values = new ArrayList<>();
            if (isMet(rule, assertion, values)) {
                rule.local().forEach(local -> filled.add(local.fill(values)));
            }
        }
        if (filled.isEmpty()) {
            throw Fault.invalid("Could not map any federated user properties to identity values. Check debug logs or"
                    + " the mapping used for additional details.");
        }
        return Local.Filled.sum(filled, domainIsDefault);
    }

    /** @param values takes what the templates are filled with */
    private static boolean isMet(Rule rule, Assertion assertion, List<List<String>> values) {
        for (Requirement requirement : rule.remote()) {
            List<String> met = requirement.meet(assertion);
            if (met == null) {
                return false;
            }
            if (requirement.isMapped()) {
                values.add(met);
            }
        }
        return true;
    }
}
