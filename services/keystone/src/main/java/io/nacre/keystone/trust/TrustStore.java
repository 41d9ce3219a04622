package io.nacre.keystone.trust;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Trusts. One that has expired or is used up is not found any more, as in the original. */
public final class TrustStore {
    private static final Columns TRUST = Columns.of("keystone_trust");
    private static final Field<String> ID = TRUST.text("id");
    private static final Field<String> TRUSTOR_ID = TRUST.text("trustor_user_id");
    private static final Field<String> TRUSTEE_ID = TRUST.text("trustee_user_id");
    private static final Field<String> PROJECT_ID = TRUST.text("project_id");
    private static final Field<Boolean> IMPERSONATION = TRUST.bool("impersonation");
    private static final Field<Instant> EXPIRES_AT = TRUST.instant("expires_at");
    private static final Field<Integer> REMAINING_USES = TRUST.integer("remaining_uses");
    private static final Field<String> REDELEGATED_ID = TRUST.text("redelegated_trust_id");
    private static final Field<Integer> REDELEGATION_COUNT = TRUST.integer("redelegation_count");
    private static final Field<List<String>> ROLE_IDS = TRUST.strings("role_ids");
    private static final Field<Map<String, @Nullable Object>> EXTRA =
            TRUST.json("extra", new TypeReference<Map<String, @Nullable Object>>() {});

    private final InstantSource clock;

    public TrustStore(InstantSource clock) {
        this.clock = clock;
    }

    /** One that may be used up, for tokens that were got while it was not. */
    public Optional<Trust> findUsed(Tx tx, String id) {
        return list(tx, ID.eq(id)).stream().findFirst();
    }

    public Optional<Trust> find(Tx tx, String id) {
        return findUsed(tx, id).filter(trust -> trust.isUsable(clock.instant()));
    }

    Trust require(Tx tx, String id) {
        return find(tx, id).orElseThrow(() -> Fault.notFound("Could not find trust: " + id + "."));
    }

    /** @param trustorId and trusteeId null for any */
    List<Trust> list(Tx tx, @Nullable String trustorId, @Nullable String trusteeId) {
        Condition condition = DSL.noCondition();
        condition = trustorId == null ? condition : condition.and(TRUSTOR_ID.eq(trustorId));
        condition = trusteeId == null ? condition : condition.and(TRUSTEE_ID.eq(trusteeId));
        return list(tx, condition).stream()
                .filter(trust -> trust.isUsable(clock.instant()))
                .toList();
    }

    /** The trust and those it was made from, the nearest first. */
    public List<Trust> chain(Tx tx, Trust trust) {
        List<Trust> chain = new ArrayList<>(List.of(trust));
        Trust at = trust;
        while (at.redelegatedTrustId() != null) {
            String parentId = at.redelegatedTrustId();
            at = find(tx, parentId).orElseThrow(() -> Fault.notFound("Could not find trust: " + parentId + "."));
            chain.add(at);
        }
        return chain;
    }

    private static List<Trust> list(Tx tx, Condition condition) {
        return Sql.in(tx)
                .select(TRUST.all())
                .from(TRUST.table())
                .where(condition)
                .orderBy(ID)
                .fetch(TrustStore::trust);
    }

    void create(Tx tx, Trust trust) {
        Sql.in(tx)
                .insertInto(TRUST.table())
                .set(ID, trust.id())
                .set(TRUSTOR_ID, trust.trustorId())
                .set(TRUSTEE_ID, trust.trusteeId())
                .set(PROJECT_ID, trust.projectId())
                .set(IMPERSONATION, trust.impersonation())
                .set(EXPIRES_AT, trust.expiresAt())
                .set(REMAINING_USES, trust.remainingUses())
                .set(REDELEGATED_ID, trust.redelegatedTrustId())
                .set(REDELEGATION_COUNT, trust.redelegationCount())
                .set(ROLE_IDS, trust.roleIds())
                .set(EXTRA, trust.extra())
                .execute();
    }

    /** Takes one of the remaining uses when they are counted; faults with FORBIDDEN when none is left. */
    public void use(Tx tx, Trust trust) {
        if (trust.remainingUses() != null) {
            int changed = Sql.in(tx)
                    .update(TRUST.table())
                    .set(REMAINING_USES, REMAINING_USES.minus(1))
                    .where(ID.eq(trust.id()).and(REMAINING_USES.gt(0)))
                    .execute();
            if (changed != 1) {
                throw Fault.forbidden("No remaining uses for trust: " + trust.id() + ".");
            }
        }
    }

    /** With all that were made from it. */
    void delete(Tx tx, String id) {
        list(tx, REDELEGATED_ID.eq(id)).forEach(child -> delete(tx, child.id()));
        Sql.in(tx).deleteFrom(TRUST.table()).where(ID.eq(id)).execute();
    }

    /** With those made from them, which end no later. */
    void deleteEnded(Tx tx, Instant before) {
        list(tx, EXPIRES_AT.lt(before)).forEach(trust -> delete(tx, trust.id()));
    }

    public void deleteOfUser(Tx tx, String userId) {
        list(tx, TRUSTOR_ID.eq(userId).or(TRUSTEE_ID.eq(userId))).forEach(trust -> delete(tx, trust.id()));
    }

    public void deleteOfProject(Tx tx, String projectId) {
        list(tx, PROJECT_ID.eq(projectId)).forEach(trust -> delete(tx, trust.id()));
    }

    private static Trust trust(Record row) {
        return new Trust(
                row.get(ID),
                row.get(TRUSTOR_ID),
                row.get(TRUSTEE_ID),
                row.get(PROJECT_ID),
                row.get(IMPERSONATION),
                row.get(EXPIRES_AT),
                row.get(REMAINING_USES),
                row.get(REDELEGATED_ID),
                row.get(REDELEGATION_COUNT),
                row.get(ROLE_IDS),
                row.get(EXTRA));
    }
}
