package io.nacre.keystone.auth;

import io.nacre.base.Tx;
import io.nacre.keystone.revocation.Remembered;
import io.nacre.keystone.token.Token;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What new tokens would stand for. Of users who come again and again for the same it is remembered; not of what others
 * vouch for or lend, which can change by itself.
 */
public final class Drafts {
    private static final Instant NO_END = Instant.parse("9999-12-31T00:00:00Z");

    private final Remembered.Memory memory;
    private final Authorizations authorizations;
    private final Remembered<Key, Draft> known;

    private record Key(
            String userId, Token.Scope scope, @Nullable String credentialId) {}

    /**
     * @param over the moment up to which the tokens of its subjects are over; empty when they are not
     */
    record Draft(Authorization authorization, Optional<Instant> over) {
        /** For a token of the same user, scope and origin. */
        Draft of(Token token) {
            return new Draft(authorization.of(token), over);
        }
    }

    public Drafts(Remembered.Memory memory, Authorizations authorizations) {
        this.memory = memory;
        this.authorizations = authorizations;
        this.known = memory.of(draft -> !lent(draft.authorization())
                && draft.authorization().validUntil().isAfter(memory.clock().instant()));
    }

    private static boolean lent(Authorization authorization) {
        return authorization.credential() != null && authorization.credential().trustId() != null;
    }

    Draft of(Token token) {
        if (token.trustId() != null || token.accessTokenId() != null || token.federation() != null) {
            return memory.transactions().read(tx -> read(tx, token));
        }
        return known.get(
                        new Key(token.userId(), token.scope(), token.credentialId()),
                        tx -> read(tx, token.ending(NO_END)))
                .of(token);
    }

    private Draft read(Tx tx, Token token) {
        Authorizations.Draft draft = authorizations.draft(tx, token);
        return new Draft(draft.authorization(), memory.revocations().over(tx, token, draft.users(), draft.domains()));
    }
}
