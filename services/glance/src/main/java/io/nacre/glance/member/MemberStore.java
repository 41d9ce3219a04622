package io.nacre.glance.member;

import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;

/** With which projects images are shared. */
public final class MemberStore {
    private static final Columns MEMBER = Columns.of("glance_image_member");
    private static final Field<String> IMAGE = MEMBER.text("image_id");
    private static final Field<String> PROJECT = MEMBER.text("member");
    private static final Field<String> STATUS = MEMBER.text("status");
    private static final Field<Instant> CREATED_AT = MEMBER.instant("created_at");
    private static final Field<Instant> UPDATED_AT = MEMBER.instant("updated_at");

    /** In the order in which they were added. */
    List<Member> ofImage(Tx tx, String imageId) {
        return list(tx, IMAGE.eq(imageId));
    }

    Optional<Member> find(Tx tx, String imageId, String project) {
        return list(tx, IMAGE.eq(imageId).and(PROJECT.eq(project))).stream().findFirst();
    }

    void add(Tx tx, Member member) {
        Sql.in(tx)
                .insertInto(MEMBER.table())
                .set(IMAGE, member.imageId())
                .set(PROJECT, member.project())
                .set(STATUS, member.status())
                .set(CREATED_AT, member.createdAt())
                .set(UPDATED_AT, member.updatedAt())
                .execute();
    }

    void setStatus(Tx tx, Member member, String status, Instant now) {
        int changed = Sql.in(tx)
                .update(MEMBER.table())
                .set(STATUS, status)
                .set(UPDATED_AT, now)
                .where(IMAGE.eq(member.imageId()).and(PROJECT.eq(member.project())))
                .execute();
        Sql.one(changed, "member " + member.project() + " of image " + member.imageId());
    }

    void remove(Tx tx, Member member) {
        Sql.in(tx)
                .deleteFrom(MEMBER.table())
                .where(IMAGE.eq(member.imageId()).and(PROJECT.eq(member.project())))
                .execute();
    }

    private static List<Member> list(Tx tx, Condition condition) {
        return Sql.in(tx)
                .select(MEMBER.all())
                .from(MEMBER.table())
                .where(condition)
                .orderBy(CREATED_AT, PROJECT)
                .fetch(MemberStore::member);
    }

    private static Member member(Record row) {
        return new Member(row.get(IMAGE), row.get(PROJECT), row.get(STATUS), row.get(CREATED_AT), row.get(UPDATED_AT));
    }
}
