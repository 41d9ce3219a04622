package io.nacre.keystone.directory;

import static org.jooq.impl.DSL.noCondition;

import io.nacre.base.Digests;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** What users and groups of directories are called here. What was once given stays, also when they are gone. */
public final class IdMappingStore {
    private static final Columns MAPPING = Columns.of("keystone_id_mapping");
    private static final Field<String> PUBLIC_ID = MAPPING.text("public_id");
    private static final Field<String> DOMAIN_ID = MAPPING.text("domain_id");
    private static final Field<Kind> KIND = MAPPING.choice("kind", Kind.class);
    private static final Field<String> LOCAL_ID = MAPPING.text("local_id");

    /** What has an identifier. */
    public enum Kind {
        USER("user"),
        GROUP("group");

        private final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    /**
     * Somebody or something of a directory.
     *
     * @param localId the identifier there
     */
    public record Local(String domainId, Kind kind, String localId) {
        /** As the original's generator sha256 makes it. */
        public String publicId() {
            return Digests.hex("SHA-256", domainId + kind.word + localId);
        }
    }

    public Optional<Local> find(Tx tx, String publicId) {
        return Sql.in(tx)
                .select(MAPPING.all())
                .from(MAPPING.table())
                .where(PUBLIC_ID.eq(publicId))
                .fetchOptional(IdMappingStore::local);
    }

    private static Local local(Record row) {
        return new Local(row.get(DOMAIN_ID), row.get(KIND), row.get(LOCAL_ID));
    }

    /** The public identifiers by the local ones. */
    Map<String, String> ofDomain(Tx tx, String domainId, Kind kind) {
        return Sql.in(tx)
                .select(LOCAL_ID, PUBLIC_ID)
                .from(MAPPING.table())
                .where(DOMAIN_ID.eq(domainId).and(KIND.eq(kind)))
                .fetchMap(LOCAL_ID, PUBLIC_ID);
    }

    /** @param domainId null for those of every domain */
    List<Local> list(Tx tx, @Nullable String domainId, Purge which) {
        return Sql.in(tx)
                .select(MAPPING.all())
                .from(MAPPING.table())
                .where(domainId == null ? noCondition() : DOMAIN_ID.eq(domainId))
                .and(which.publicId() == null ? noCondition() : PUBLIC_ID.eq(which.publicId()))
                .and(which.localId() == null ? noCondition() : LOCAL_ID.eq(which.localId()))
                .and(which.kind() == null ? noCondition() : KIND.eq(which.kind()))
                .fetch(IdMappingStore::local);
    }

    List<String> domains(Tx tx) {
        return Sql.in(tx)
                .selectDistinct(DOMAIN_ID)
                .from(MAPPING.table())
                .orderBy(DOMAIN_ID)
                .fetch(DOMAIN_ID);
    }

    void create(Tx tx, Local local) {
        Sql.in(tx)
                .insertInto(MAPPING.table())
                .set(PUBLIC_ID, local.publicId())
                .set(DOMAIN_ID, local.domainId())
                .set(KIND, local.kind())
                .set(LOCAL_ID, local.localId())
                .onConflictDoNothing()
                .execute();
    }

    void delete(Tx tx, String publicId) {
        Sql.in(tx).deleteFrom(MAPPING.table()).where(PUBLIC_ID.eq(publicId)).execute();
    }

    public void deleteOfDomain(Tx tx, String domainId) {
        Sql.in(tx).deleteFrom(MAPPING.table()).where(DOMAIN_ID.eq(domainId)).execute();
    }
}
