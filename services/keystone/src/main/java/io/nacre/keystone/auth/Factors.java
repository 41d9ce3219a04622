package io.nacre.keystone.auth;

import io.nacre.base.Transactions;
import io.nacre.keystone.project.Project;
import io.nacre.keystone.project.ProjectStore;
import io.nacre.keystone.revocation.Remembered;
import io.nacre.keystone.token.Receipt;
import io.nacre.keystone.token.Receipts;
import io.nacre.keystone.user.User;
import io.nacre.keystone.user.UserStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The methods that a user's rules ask for together, at once or one after the other: what was proved is kept in a receipt
 * that the client shows with the next.
 */
public final class Factors {
    private final Methods methods;
    private final Transactions transactions;
    private final UserStore users;
    private final ProjectStore projects;
    private final Receipts receipts;
    private final Duration lifetime;
    private final InstantSource clock;
    private final Remembered<String, User> known;

    /** @param lifetime of a receipt */
    public Factors(
            Methods methods,
            Remembered.Memory memory,
            UserStore users,
            ProjectStore projects,
            Receipts receipts,
            Duration lifetime) {
        this.methods = methods;
        this.transactions = memory.transactions();
        this.users = users;
        this.projects = projects;
        this.receipts = receipts;
        this.lifetime = lifetime;
        this.clock = memory.clock();
        this.known = memory.of();
    }

    /** @param receipt of what the same user has proved shortly before; null for none */
    Proof prove(AuthRequest request, @Nullable String receipt) {
        Proof proof = methods.prove(request);
        if (receipt == null) {
            return proof;
        }
        Receipt before = receipts.read(receipt)
                .filter(read -> clock.instant().isBefore(read.expiresAt()))
                .filter(read -> read.userId().equals(proof.userId()))
                .orElseThrow(Authorizations::denied);
        List<String> all = new ArrayList<>(proof.methods());
        before.methods().stream().filter(method -> !all.contains(method)).forEach(all::add);
        return proof.by(all);
    }

    /** Empty when what was proved is enough. */
    Optional<Partial> missing(Proof proof) {
        User user =
                known.find(proof.userId(), tx -> users.find(tx, proof.userId())).orElseThrow(Authorizations::denied);
        List<List<String>> rules = rules(user);
        if (rules.isEmpty() || rules.stream().anyMatch(proof.methods()::containsAll)) {
            return Optional.empty();
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Receipt receipt = new Receipt(user.id(), List.copyOf(proof.methods()), now, now.plus(lifetime));
        Project domain = transactions.read(tx -> projects.requireDomain(tx, user.domainId()));
        List<List<String>> wanted = rules.stream()
                .filter(rule -> rule.stream().anyMatch(proof.methods()::contains))
                .toList();
        return Optional.of(new Partial(receipts.write(receipt), receipt, user, domain, wanted));
    }

    /** What is not a method here is not asked for, so that a rule shuts nobody out. */
    private static List<List<String>> rules(User user) {
        boolean enabled = !Boolean.FALSE.equals(user.options().get("multi_factor_auth_enabled"));
        if (!enabled || !(user.options().get("multi_factor_auth_rules") instanceof List<?> rules)) {
            return List.of();
        }
        return rules.stream()
                .filter(List.class::isInstance)
                .map(rule -> ((List<?>) rule)
                        .stream()
                                .map(String::valueOf)
                                .filter(AuthRequest.METHODS::contains)
                                .toList())
                .toList();
    }
}
