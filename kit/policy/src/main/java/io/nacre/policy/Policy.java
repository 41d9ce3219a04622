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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private final @Nullable Path overrides;
    private final Options options;
    private final InstantSource clock;
    private final ReentrantLock reloading = new ReentrantLock();
    private volatile InForce inForce;
    private volatile Instant lookAgain;

    /**
     * @param enforceScope whether a token of a scope that the rule does not name is refused; the default of 2024.1
     * @param refusal what a refused caller reads, RULE standing for the rule's name
     */
    public record Options(boolean enforceScope, String refusal) {
        public static final Options DEFAULT = new Options(true, REFUSAL);
    }

    private record Version(@Nullable Instant modified, long size) {
        static final Version NO_FILE = new Version(null, -1);
    }

    private record InForce(Map<String, Check> checks, Version file) {}

    public Policy(List<PolicyRule> defaults, @Nullable Path overrides) {
        this(defaults, overrides, Options.DEFAULT, InstantSource.system());
    }

    /**
     * @param overrides a file in YAML or JSON; it need not exist yet
     * @throws IllegalArgumentException when a default or the file cannot be understood; it says which and why
     */
    public Policy(List<PolicyRule> defaults, @Nullable Path overrides, Options options, InstantSource clock) {
        Map<String, PolicyRule> byName = new HashMap<>();
        for (PolicyRule rule : defaults) {
            PolicyRule before = byName.put(rule.name(), rule);
            if (before != null && !before.equals(rule)) {
                throw new IllegalArgumentException("policy rule " + rule.name() + " is declared twice, differently");
            }
        }
        this.defaults = Map.copyOf(byName);
        this.overrides = overrides;
        this.options = options;
        this.clock = clock;
        Version file = version(overrides);
        this.inForce = new InForce(compile(file), file);
        this.lookAgain = clock.instant().plus(LOOK_AGAIN);
    }

    /** Every rule that was declared in code, in no order. */
    public List<PolicyRule> declared() {
        return List.copyOf(defaults.values());
    }

    /**
     * @param target attributes of the resource in question, flat with dotted names or nested; what a rule asks for and
     *     the target lacks never matches
     * @throws IllegalArgumentException when the rule was never declared
     */
    public boolean allows(String rule, Caller caller, Map<String, ? extends @Nullable Object> target) {
        if (overrides != null && clock.instant().isAfter(lookAgain)) {
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
            throw Fault.forbidden(options.refusal().replace("RULE", rule));
        }
    }

    private boolean acceptsScope(PolicyRule rule, Caller caller) {
        if (!options.enforceScope() || rule.scopes().isEmpty() || rule.open()) {
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
            Version file = version(overrides);
            if (file.equals(inForce.file())) {
                return;
            }
            try {
                inForce = new InForce(compile(file), file);
                log.info("Policy file {} read again", overrides);
            } catch (IllegalArgumentException e) {
                log.error("Policy file {} was not taken over, the rules before it hold: {}", overrides, e.getMessage());
                inForce = new InForce(inForce.checks(), file);
            }
        } finally {
            reloading.unlock();
        }
    }

    private Map<String, Check> compile(Version file) {
        Map<String, Expression> rules = new HashMap<>();
        defaults.values().forEach(rule -> rules.put(rule.name(), PolicyFile.parse(rule.name(), rule.check())));
        if (overrides != null && !file.equals(Version.NO_FILE)) {
            Map<String, Expression> overridden = PolicyFile.read(overrides);
            overridden.keySet().stream()
                    .filter(name -> !defaults.containsKey(name))
                    .forEach(name ->
                            log.info("Policy: {} is no rule of this service, only other rules can use it", name));
            rules.putAll(overridden);
        }
        return RuleCompiler.compile(rules);
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
