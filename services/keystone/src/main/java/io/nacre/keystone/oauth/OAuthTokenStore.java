package io.nacre.keystone.oauth;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import io.nacre.keystone.fernet.Sealing;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;

/** Request and access tokens, with their secrets sealed. */
public final class OAuthTokenStore {
    private static final Columns REQUEST = Columns.of("keystone_request_token");
    private static final Field<String> REQUEST_ID = REQUEST.text("id");
    private static final Field<String> REQUEST_SEALED = REQUEST.text("sealed_secret");
    private static final Field<String> REQUEST_CONSUMER = REQUEST.text("consumer_id");
    private static final Field<String> REQUEST_PROJECT = REQUEST.text("project_id");
    private static final Field<Instant> REQUEST_EXPIRES_AT = REQUEST.instant("expires_at");
    private static final Field<String> REQUEST_USER = REQUEST.text("user_id");
    private static final Field<String> VERIFIER = REQUEST.text("verifier");
    private static final Field<List<String>> REQUEST_ROLES = REQUEST.strings("role_ids");

    private static final Columns ACCESS = Columns.of("keystone_access_token");
    private static final Field<String> ID = ACCESS.text("id");
    private static final Field<String> SEALED = ACCESS.text("sealed_secret");
    private static final Field<String> CONSUMER = ACCESS.text("consumer_id");
    private static final Field<String> USER = ACCESS.text("user_id");
    private static final Field<String> PROJECT = ACCESS.text("project_id");
    private static final Field<List<String>> ROLES = ACCESS.strings("role_ids");
    private static final Field<Instant> EXPIRES_AT = ACCESS.instant("expires_at");

    private final Sealing sealing;
    private final InstantSource clock;

    public OAuthTokenStore(Sealing sealing, InstantSource clock) {
        this.sealing = sealing;
        this.clock = clock;
    }

    RequestToken requireRequest(Tx tx, String id) {
        return Sql.in(tx)
                .select(REQUEST.all())
                .from(REQUEST.table())
                .where(REQUEST_ID.eq(id))
                .fetchOptional(OAuthTokenStore::request)
                .orElseThrow(() -> Fault.notFound("Request token not found"));
    }

    String requestSecret(Tx tx, String id) {
        return sealing.open(Sql.in(tx)
                .select(REQUEST_SEALED)
                .from(REQUEST.table())
                .where(REQUEST_ID.eq(id))
                .fetchSingle(REQUEST_SEALED));
    }

    /** Those that nobody has authorized in time go. */
    void create(Tx tx, RequestToken token, String secret) {
        Sql.in(tx)
                .deleteFrom(REQUEST.table())
                .where(REQUEST_EXPIRES_AT.le(clock.instant()))
                .execute();
        Sql.in(tx)
                .insertInto(REQUEST.table())
                .set(REQUEST_ID, token.id())
                .set(REQUEST_SEALED, sealing.seal(secret))
                .set(REQUEST_CONSUMER, token.consumerId())
                .set(REQUEST_PROJECT, token.projectId())
                .set(REQUEST_EXPIRES_AT, token.expiresAt())
                .set(REQUEST_ROLES, List.of())
                .execute();
    }

    void authorize(Tx tx, String id, RequestToken.Grant grant) {
        Sql.in(tx)
                .update(REQUEST.table())
                .set(REQUEST_USER, grant.userId())
                .set(VERIFIER, grant.verifier())
                .set(REQUEST_ROLES, grant.roleIds())
                .where(REQUEST_ID.eq(id))
                .execute();
    }

    /** In the place of the request token, which is used up; faults with NOT_FOUND when another has used it. */
    void exchange(Tx tx, RequestToken used, AccessToken token, String secret) {
        int deleted = Sql.in(tx)
                .deleteFrom(REQUEST.table())
                .where(REQUEST_ID.eq(used.id()))
                .execute();
        if (deleted != 1) {
            throw Fault.notFound("Request token not found");
        }
        Sql.in(tx)
                .insertInto(ACCESS.table())
                .set(ID, token.id())
                .set(SEALED, sealing.seal(secret))
                .set(CONSUMER, token.consumerId())
                .set(USER, token.userId())
                .set(PROJECT, token.projectId())
                .set(ROLES, token.roleIds())
                .set(EXPIRES_AT, token.expiresAt())
                .execute();
    }

    public Optional<AccessToken> findAccess(Tx tx, String id) {
        return list(tx, ID.eq(id)).stream().findFirst();
    }

    AccessToken requireAccess(Tx tx, String id) {
        return findAccess(tx, id).orElseThrow(() -> Fault.notFound("Access token not found"));
    }

    String accessSecret(Tx tx, String id) {
        return sealing.open(
                Sql.in(tx).select(SEALED).from(ACCESS.table()).where(ID.eq(id)).fetchSingle(SEALED));
    }

    List<AccessToken> ofUser(Tx tx, String userId) {
        return list(tx, USER.eq(userId));
    }

    private static List<AccessToken> list(Tx tx, Condition condition) {
        return Sql.in(tx)
                .select(ACCESS.all())
                .from(ACCESS.table())
                .where(condition)
                .orderBy(ID)
                .fetch(OAuthTokenStore::access);
    }

    void deleteAccess(Tx tx, String id) {
        Sql.in(tx).deleteFrom(ACCESS.table()).where(ID.eq(id)).execute();
    }

    void deleteOfConsumer(Tx tx, String consumerId) {
        delete(tx, REQUEST_CONSUMER.eq(consumerId), CONSUMER.eq(consumerId));
    }

    public void deleteOfUser(Tx tx, String userId) {
        delete(tx, REQUEST_USER.eq(userId), USER.eq(userId));
    }

    public void deleteOfProject(Tx tx, String projectId) {
        delete(tx, REQUEST_PROJECT.eq(projectId), PROJECT.eq(projectId));
    }

    private static void delete(Tx tx, Condition requests, Condition accesses) {
        Sql.in(tx).deleteFrom(REQUEST.table()).where(requests).execute();
        Sql.in(tx).deleteFrom(ACCESS.table()).where(accesses).execute();
    }

    private static RequestToken request(Record row) {
        String userId = row.get(REQUEST_USER);
        return new RequestToken(
                row.get(REQUEST_ID),
                row.get(REQUEST_CONSUMER),
                row.get(REQUEST_PROJECT),
                row.get(REQUEST_EXPIRES_AT),
                userId == null ? null : new RequestToken.Grant(userId, row.get(VERIFIER), row.get(REQUEST_ROLES)));
    }

    private static AccessToken access(Record row) {
        return new AccessToken(
                row.get(ID), row.get(CONSUMER), row.get(USER), row.get(PROJECT), row.get(ROLES), row.get(EXPIRES_AT));
    }
}
