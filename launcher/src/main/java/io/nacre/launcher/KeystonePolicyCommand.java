package io.nacre.launcher;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.policy.Explanation;
import io.nacre.policy.Policy;
import io.nacre.policy.PolicyRule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Who may do what, and why. */
@Command(
        name = "policy",
        description = "The rules in force, the operator's among them, and whom they allow what.",
        subcommands = {KeystonePolicyCommand.Show.class, KeystonePolicyCommand.Check.class})
final class KeystonePolicyCommand extends CommandGroup {
    /** What both look at. */
    abstract static sealed class OnRules extends OfflineCommand {
        @Parameters(
                paramLabel = "RULE",
                arity = "0..*",
                description = "Names, such as identity:create_user, or parts of names; without one, every rule.")
        private List<String> names = new ArrayList<>();

        @Override
        public Integer call() throws IOException {
            try (OfflineKeystone keystone = OfflineKeystone.open(directory(), sections())) {
                Policy policy = keystone.policy();
                tell(policy, chosen(policy));
            } catch (IllegalArgumentException e) {
                throw Fault.invalid(String.valueOf(e.getMessage())).because(e);
            }
            return 0;
        }

        private List<Policy.Rule> chosen(Policy policy) {
            Predicate<Policy.Rule> exact =
                    rule -> names.contains(rule.declared().name());
            Predicate<Policy.Rule> part = rule ->
                    names.isEmpty() || names.stream().anyMatch(rule.declared().name()::contains);
            List<Policy.Rule> rules = policy.rules();
            List<Policy.Rule> chosen = rules.stream().anyMatch(exact)
                    ? rules.stream().filter(exact).toList()
                    : rules.stream().filter(part).toList();
            if (chosen.isEmpty()) {
                throw Fault.notFound("No rule of keystone is called " + String.join(" or ", names) + ".");
            }
            return chosen;
        }

        abstract void tell(Policy policy, List<Policy.Rule> rules);
    }

    @Command(name = "show", description = "Print rules as they are in force.")
    static final class Show extends OnRules {
        @Override
        void tell(Policy policy, List<Policy.Rule> rules) {
            for (Policy.Rule rule : rules) {
                System.out.println("\"" + rule.declared().name() + "\": \"" + rule.check() + "\"  # "
                        + scopes(rule.declared()) + (rule.overridden() ? ", overridden" : ""));
            }
        }
    }

    private static String scopes(PolicyRule rule) {
        if (rule.open()) {
            return "without a token too";
        }
        return rule.scopes().isEmpty()
                ? "any scope"
                : "scope "
                        + rule.scopes().stream()
                                .map(scope -> scope.name().toLowerCase(Locale.ROOT))
                                .sorted()
                                .collect(Collectors.joining(", "));
    }

    @Command(name = "check", description = "Say whether a caller may do something; for one rule also why.")
    static final class Check extends OnRules {
        /** Each implies the next in a token, as the first start of a cloud arranges it. */
        private static final List<String> IMPLYING = List.of("admin", "manager", "member", "reader");

        @Option(
                names = "--role",
                paramLabel = "ROLE",
                split = ",",
                required = true,
                description = "Roles of the caller; admin brings manager, this member, this reader.")
        private Set<String> roles = new HashSet<>();

        @Option(names = "--user", paramLabel = "ID", description = "The caller (default: me).")
        private String user = "me";

        @Option(names = "--project", paramLabel = "ID", description = "The project of the caller's token.")
        private @Nullable String project;

        @Option(names = "--domain", paramLabel = "ID", description = "The domain of the caller's token.")
        private @Nullable String domain;

        @Option(names = "--system", description = "The caller's token is for the system.")
        private boolean system;

        @Option(
                names = "--target",
                paramLabel = "NAME=VALUE",
                description = "What it is done to, as rules ask for it: target.user.domain_id=default.")
        private Map<String, String> target = new HashMap<>();

        @Override
        void tell(Policy policy, List<Policy.Rule> rules) {
            Caller caller = caller();
            for (Policy.Rule rule : rules) {
                Explanation explanation = policy.explain(rule.declared().name(), caller, target);
                System.out.println((explanation.allowed() ? "allowed  " : "refused  ")
                        + rule.declared().name());
                if (rules.size() == 1) {
                    if (!explanation.scopeAccepted()) {
                        System.out.println("  no   " + scopes(rule.declared()) + ", which the token does not have");
                    }
                    print(explanation.reason(), "  ");
                }
            }
        }

        private static void print(Explanation.Reason reason, String indent) {
            System.out.println(indent
                    + (reason.holds() ? "yes  " : "no   ")
                    + reason.check()
                    + (reason.lacking().isEmpty()
                            ? ""
                            : "  (the target has no " + String.join(", ", reason.lacking()) + ")"));
            reason.because().forEach(part -> print(part, indent + "  "));
        }

        private Caller caller() {
            if ((project == null ? 0 : 1) + (domain == null ? 0 : 1) + (system ? 1 : 0) > 1) {
                throw Fault.invalid("A token has one scope: --project, --domain or --system.");
            }
            Set<String> all = new HashSet<>();
            for (String role : roles) {
                String name = role.toLowerCase(Locale.ROOT);
                int from = IMPLYING.indexOf(name);
                all.addAll(from < 0 ? List.of(name) : IMPLYING.subList(from, IMPLYING.size()));
            }
            return new Caller(
                    "check",
                    null,
                    person(user),
                    new Caller.Scope(
                            project == null ? null : person(project), domain == null ? null : person(domain), system),
                    all,
                    null);
        }

        private static Caller.Person person(String id) {
            return new Caller.Person(id, id, "default", "Default");
        }
    }
}
