package io.nacre.keystone.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Transactions;
import io.nacre.keystone.revocation.Revocations;
import io.nacre.keystone.token.Token;
import io.nacre.keystone.token.Tokens;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Checks tokens, from memory when it can: what a token stands for is remembered together with the generation under
 * which it was looked up, and counts only as long as that is still the generation. What another controller has looked
 * up under that generation counts as well.
 */
public final class ValidTokens {
    /** Nothing longer is looked at. The original's tokens stay below a kilobyte. */
    private static final int LONGEST = 8192;

    private final Transactions transactions;
    private final Tokens tokens;
    private final Drafts drafts;
    private final Revocations revocations;
    private final Duration endedWindow;
    private final InstantSource clock;
    private final Cache<String, Authorization> known;
    private final SharedTokens shared;

    /**
     * @param endedWindow for how long after its end a service may still ask what a token was
     * @param remembered how many tokens at the most
     * @param cache what other controllers may share
     */
    public ValidTokens(
            Transactions transactions,
            Tokens tokens,
            Drafts drafts,
            Revocations revocations,
            Duration endedWindow,
            int remembered,
            io.nacre.cache.Cache cache,
            InstantSource clock) {
        this.transactions = transactions;
        this.tokens = tokens;
        this.drafts = drafts;
        this.revocations = revocations;
        this.endedWindow = endedWindow;
        this.known = Caffeine.newBuilder().maximumSize(remembered).build();
        this.shared = new SharedTokens(cache, clock);
        this.clock = clock;
    }

    /** Faults with UNAUTHENTICATED when the token is not good now. Not to be called inside a transaction. */
    public Authorization require(String text) {
        return require(text, false);
    }

    /** @param evenEnded whether one that has ended is good enough for as long as services may ask for it */
    Authorization require(String text, boolean evenEnded) {
        Authorization found = known.getIfPresent(text);
        long generation = revocations.generation();
        if (found == null || found.generation() != generation) {
            found = found(text, generation);
            known.put(text, found);
        }
        if (!clock.instant().isBefore(found.validUntil().plus(evenEnded ? endedWindow : Duration.ZERO))) {
            throw Authorizations.denied();
        }
        return found;
    }

    /** What is said of a token that {@link #require} refuses, where a request is about it. */
    public FaultException notFound(String text) {
        if (text.isBlank()) {
            return Fault.notFound("No token in the request");
        }
        return text.length() > LONGEST || tokens.read(text).isEmpty()
                ? Fault.notFound("Could not recognize Fernet token")
                : Fault.notFound("Failed to validate token");
    }

    private Authorization found(String text, long generation) {
        if (text.length() > LONGEST) {
            throw Authorizations.denied();
        }
        Token token = tokens.read(text).orElseThrow(Authorizations::denied);
        return shared.get(text, token, generation).orElseGet(() -> {
            Authorization looked = lookUp(token);
            shared.put(text, looked);
            return looked;
        });
    }

    private Authorization lookUp(Token token) {
        try {
            Drafts.Draft draft = drafts.of(token);
            if (transactions.read(tx -> revocations.isRevoked(tx, token, draft.over()))) {
                throw Authorizations.denied();
            }
            return draft.authorization();
        } catch (FaultException e) {
            if (e.is(Fault.Kind.UNAUTHENTICATED) || e.is(Fault.Kind.FORBIDDEN) || e.is(Fault.Kind.NOT_FOUND)) {
                throw Authorizations.denied();
            }
            throw e;
        }
    }
}
