package io.nacre.keystone.auth;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Transactions;
import io.nacre.keystone.entity.Scopes;
import io.nacre.keystone.project.ProjectStore;
import io.nacre.keystone.token.Token;
import io.nacre.keystone.user.UserStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Tokens of Nacre's own service user. One is handed out until half of its time is over. */
public final class ServiceTokens {
    /** The user and its project; both are made at bootstrap. */
    public static final String USER = "nacre";

    public static final String PROJECT = "service";

    private static final Duration LIFETIME = Duration.ofMinutes(10);

    private final Transactions transactions;
    private final UserStore users;
    private final ProjectStore projects;
    private final Login login;
    private final ValidTokens tokens;
    private final InstantSource clock;
    private volatile @Nullable Held held;

    private record Held(String text, Instant renewAt) {}

    public ServiceTokens(
            Transactions transactions,
            UserStore users,
            ProjectStore projects,
            Login login,
            ValidTokens tokens,
            InstantSource clock) {
        this.transactions = transactions;
        this.users = users;
        this.projects = projects;
        this.login = login;
        this.tokens = tokens;
        this.clock = clock;
    }

    /** One that is good for at least half of the time a new one is. */
    public String current() {
        Held now = held;
        if (now == null || !clock.instant().isBefore(now.renewAt()) || !isGood(now.text())) {
            now = renewed();
            held = now;
        }
        return now.text();
    }

    private boolean isGood(String text) {
        try {
            tokens.require(text);
            return true;
        } catch (FaultException e) {
            return false;
        }
    }

    private Held renewed() {
        record Found(String userId, String projectId) {}
        Found found = transactions.read(tx -> new Found(
                users.findByName(tx, Scopes.DEFAULT_DOMAIN, USER)
                        .orElseThrow(() -> Fault.internal("The service user is missing, run the bootstrap."))
                        .id(),
                projects.findByName(tx, Scopes.DEFAULT_DOMAIN, PROJECT)
                        .orElseThrow(() -> Fault.internal("The service project is missing, run the bootstrap."))
                        .id()));
        String text = login.issue(found.userId(), new Token.ProjectScope(found.projectId()), LIFETIME);
        return new Held(text, clock.instant().plus(LIFETIME.dividedBy(2)));
    }
}
