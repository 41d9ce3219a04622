package io.nacre.policy;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules of a service in force. Safe for use by any number of threads; the policy file is looked at again at most
 * once a second, by whichever decision comes first.
 */
public final class Policy {
    private static final Logger log = LoggerFactory.getLogger(Policy.class);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    /** How a service words its refusal, with RULE for the rule's name. */
    public static final String REFUSAL = "Policy doesn't allow RULE to be performed.";

    private final Map<String, PolicyRule> defaults;
    private final Overrides overrides;
    private final String refusal;
    private final InstantSource clock;
    private final ReentrantLock reloading = new ReentrantLock();
    private volatile InForce inForce;
    private volatile Instant lookAgain;

    private record Version(@Nullable Instant modified, long size) {
        static final Version NO_FILE = new Version(null, -1);
    }

    private record InForce(Map<String, Expression> rules, Map<String, Check> checks, Version file) {}

    /**
     * A declared rule as it is in force.
     *
     * @param check in oslo.policy's language
     * @param overridden whether the operator's file says so
     */
    public record Rule(PolicyRule declared, String check, boolean overridden) {}

    public Policy(List<PolicyRule> defaults, Overrides overrides) {
        this(defaults, overrides, REFUSAL, InstantSource.system());
    }

    /**
     * @param refusal what a refused caller reads, RULE standing for the rule's name
     * @throws IllegalArgumentException when a default or the file cannot be understood; it says which and why
     */
    public Policy(List<PolicyRule> defaults, Overrides overrides, String refusal, InstantSource clock) {
        Map<String, PolicyRule> byName = new HashMap<>();
        for (PolicyRule rule : defaults) {
            PolicyRule before = byName.put(rule.name(), rule);
            if (before != null && !before.equals(rule)) {
                throw new IllegalArgumentException("policy rule " + rule.name() + " is declared twice, differently");
            }
        }
        this.defaults = Map.copyOf(byName);
        this.overrides = overrides;
        this.refusal = refusal;
        this.clock = clock;
        Version file = version(overrides.file());
        this.inForce = compile(file);
        this.lookAgain = clock.instant().plus(LOOK_AGAIN);
    }

    /** Every rule that was declared in code, in no order. */
    public List<PolicyRule> declared() {
        return List.copyOf(defaults.values());
    }

    /** Every declared rule as it is in force, by name. */
    public List<Rule> rules() {
        Map<String, Expression> rules = inForce.rules();
        return defaults.values().stream()
                .sorted(Comparator.comparing(PolicyRule::name))
                .map(declared -> {
                    String check = String.valueOf(rules.get(declared.name()));
                    String original = String.valueOf(PolicyFile.parse(declared.name(), declared.check()));
                    return new Rule(declared, check, !check.equals(original));
                })
                .toList();
    }

    /** Rules of the operator's file that mean nothing: the service does not ask for them, and no rule refers to them. */
    public List<String> unknownOverrides() {
        Map<String, Expression> rules = inForce.rules();
        Set<String> referred = new HashSet<>();
        rules.values().forEach(rule -> referred.addAll(rule.references()));
        return rules.keySet().stream()
                .filter(name -> !defaults.containsKey(name) && !referred.contains(name))
                .sorted()
                .toList();
    }

    /**
     * Why {@link #allows} says what it says; takes longer.
     *
     * @throws IllegalArgumentException when the rule was never declared
     */
    public Explanation explain(String rule, Caller caller, Map<String, ? extends @Nullable Object> target) {
        boolean allowed = allows(rule, caller, target);
        InForce now = inForce;
        return new Explanation(
                allowed,
                acceptsScope(Objects.requireNonNull(defaults.get(rule)), caller),
                Explanation.reason(
                        now.rules(), Objects.requireNonNull(now.rules().get(rule)), caller, target));
    }

    /**
     * @param target attributes of the resource in question, flat with dotted names or nested; what a rule asks for and
     *     the target lacks never matches
     * @throws IllegalArgumentException when the rule was never declared
     */
    public boolean allows(String rule, Caller caller, Map<String, ? extends @Nullable Object> target) {
        if (overrides.file() != null && clock.instant().isAfter(lookAgain)) {
            reload();
        }
        PolicyRule declared = defaults.get(rule);
        Check check = inForce.checks().get(rule);
        if (declared == null || check == null) {
            throw new IllegalArgumentException("policy rule " + rule + " is not declared");
        }
        if (!declared.open() && isAnonymous(caller)) {
            return false;
        }
        return acceptsScope(declared, caller) && check.holds(caller, target);
    }

    /** @throws io.nacre.base.FaultException FORBIDDEN when the rule does not allow it */
    public void enforce(String rule, Caller caller, Map<String, ? extends @Nullable Object> target) {
        if (!allows(rule, caller, target)) {
            throw Fault.forbidden(refusal.replace("RULE", rule));
        }
    }

    private boolean acceptsScope(PolicyRule rule, Caller caller) {
        if (!overrides.enforceScope() || rule.scopes().isEmpty() || rule.open()) {
            return true;
        }
        Caller.Scope scope = caller.scope();
        return rule.scopes()
                .contains(
                        scope.system()
                                ? PolicyRule.Scope.SYSTEM
                                : scope.domain() != null ? PolicyRule.Scope.DOMAIN : PolicyRule.Scope.PROJECT);
    }

    private static boolean isAnonymous(Caller caller) {
        return caller.user() == null && caller.roles().isEmpty();
    }

    private void reload() {
        if (!reloading.tryLock()) {
            return;
        }
        try {
            lookAgain = clock.instant().plus(LOOK_AGAIN);
            Version file = version(overrides.file());
            if (file.equals(inForce.file())) {
                return;
            }
            try {
                inForce = compile(file);
                log.info("Policy file {} read again", overrides.file());
            } catch (IllegalArgumentException e) {
                log.error(
                        "Policy file {} was not taken over, the rules before it hold: {}",
                        overrides.file(),
                        e.getMessage());
                inForce = new InForce(inForce.rules(), inForce.checks(), file);
            }
        } finally {
            reloading.unlock();
        }
    }

    private InForce compile(Version file) {
        Map<String, Expression> rules = new HashMap<>();
        defaults.values().forEach(rule -> rules.put(rule.name(), PolicyFile.parse(rule.name(), rule.check())));
        if (overrides.file() != null && !file.equals(Version.NO_FILE)) {
            Map<String, Expression> overridden = PolicyFile.read(overrides.file());
            overridden.keySet().stream()
                    .filter(name -> !defaults.containsKey(name))
                    .forEach(name ->
                            log.info("Policy: {} is no rule of this service, only other rules can use it", name));
            rules.putAll(overridden);
        }
        return new InForce(Map.copyOf(rules), RuleCompiler.compile(rules), file);
    }

    private static Version version(@Nullable Path file) {
        if (file == null) {
            return Version.NO_FILE;
        }
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Version(attributes.lastModifiedTime().toInstant(), attributes.size());
        } catch (IOException e) {
            return Version.NO_FILE;
        }
    }
}
