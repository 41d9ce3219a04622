package io.nacre.glance.task;

import io.nacre.base.Page;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Paging;
import io.nacre.database.Sql;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** All SQL about {@link ImageTask}. */
final class ImageTaskStore {
    private static final Columns TASK = Columns.of("glance_task");
    private static final Field<String> ID = TASK.text("id");
    private static final Field<String> TYPE = TASK.text("type");
    private static final Field<ImageTask.Status> STATUS = TASK.choice("status", ImageTask.Status.class);
    private static final Field<String> IMAGE = TASK.text("image_id");
    private static final Field<String> OWNER = TASK.text("owner");
    private static final Field<String> USER = TASK.text("user_id");
    private static final Field<String> REQUEST = TASK.text("request_id");
    private static final Field<JsonNode> INPUT = TASK.json("input", JsonNode.class);
    private static final Field<JsonNode> RESULT = TASK.json("result", JsonNode.class);
    private static final Field<String> MESSAGE = TASK.text("message");
    private static final Field<Instant> CREATED_AT = TASK.instant("created_at");
    private static final Field<Instant> UPDATED_AT = TASK.instant("updated_at");
    private static final Field<Instant> EXPIRES_AT = TASK.instant("expires_at");

    private static final Map<String, Field<String>> TEXTS =
            Map.of("id", ID, "type", TYPE, "owner", OWNER, "image_id", IMAGE, "user_id", USER, "request_id", REQUEST);
    private static final Paging PAGING = Paging.of(TASK, ID)
            .key("type", TYPE)
            .key("status", STATUS)
            .key("owner", OWNER)
            .key("image_id", IMAGE)
            .key("user_id", USER)
            .key("request_id", REQUEST)
            .key("created_at", CREATED_AT)
            .key("updated_at", UPDATED_AT)
            .key("expires_at", EXPIRES_AT);

    static Set<String> sortKeys() {
        return PAGING.keys();
    }

    /** Fields that a list may be narrowed by, beside the status. */
    static Set<String> filters() {
        return TEXTS.keySet();
    }

    void add(Tx tx, ImageTask task) {
        Sql.in(tx)
                .insertInto(TASK.table())
                .set(ID, task.id())
                .set(TYPE, task.type())
                .set(STATUS, task.outcome().status())
                .set(IMAGE, task.imageId())
                .set(OWNER, task.origin().owner())
                .set(USER, task.origin().userId())
                .set(REQUEST, task.origin().requestId())
                .set(INPUT, task.input())
                .set(RESULT, task.outcome().result())
                .set(MESSAGE, task.outcome().message())
                .set(CREATED_AT, task.createdAt())
                .set(UPDATED_AT, task.updatedAt())
                .set(EXPIRES_AT, task.outcome().expiresAt())
                .execute();
    }

    /** Says how a task goes, unless it is over already. An empty message leaves the last one. */
    void tell(Tx tx, String id, ImageTask.Outcome outcome, Instant now) {
        Sql.in(tx)
                .update(TASK.table())
                .set(STATUS, outcome.status())
                .set(RESULT, outcome.result())
                .set(MESSAGE, outcome.message().isEmpty() ? MESSAGE : DSL.val(outcome.message(), MESSAGE))
                .set(UPDATED_AT, now)
                .set(EXPIRES_AT, outcome.expiresAt())
                .where(ID.eq(id))
                .and(STATUS.in(ImageTask.Status.PENDING, ImageTask.Status.PROCESSING))
                .execute();
    }

    Optional<ImageTask> find(Tx tx, String id) {
        return list(tx, ID.eq(id)).stream().findFirst();
    }

    /** Newest first. */
    List<ImageTask> ofImage(Tx tx, String imageId, Instant now) {
        return list(tx, IMAGE.eq(imageId).and(living(now)));
    }

    /**
     * @param owner whose tasks; null for all
     * @param texts values that fields of {@link #filters} must have
     */
    List<ImageTask> list(
            Tx tx,
            @Nullable String owner,
            ImageTask.@Nullable Status status,
            Map<String, String> texts,
            Page page,
            Instant now) {
        Condition wanted = living(now);
        wanted = owner == null ? wanted : wanted.and(OWNER.eq(owner));
        wanted = status == null ? wanted : wanted.and(STATUS.eq(status));
        for (Map.Entry<String, String> text : texts.entrySet()) {
            wanted = wanted.and(Objects.requireNonNull(TEXTS.get(text.getKey())).eq(text.getValue()));
        }
        return PAGING.fetch(tx, Sql.in(tx).select(TASK.all()).from(TASK.table()).where(wanted), page)
                .map(ImageTaskStore::task);
    }

    private static Condition living(Instant now) {
        return EXPIRES_AT.isNull().or(EXPIRES_AT.gt(now));
    }

    /** Forgets what was over long enough. */
    int forget(Tx tx, Instant now) {
        return Sql.in(tx).deleteFrom(TASK.table()).where(EXPIRES_AT.le(now)).execute();
    }

    private static List<ImageTask> list(Tx tx, Condition condition) {
        return Sql.in(tx)
                .select(TASK.all())
                .from(TASK.table())
                .where(condition)
                .orderBy(CREATED_AT.desc(), ID)
                .fetch(ImageTaskStore::task);
    }

    private static ImageTask task(Record row) {
        return new ImageTask(
                row.get(ID),
                row.get(TYPE),
                row.get(IMAGE),
                new ImageTask.Origin(row.get(OWNER), row.get(USER), row.get(REQUEST)),
                row.get(INPUT),
                new ImageTask.Outcome(row.get(STATUS), row.get(RESULT), row.get(MESSAGE), row.get(EXPIRES_AT)),
                row.get(CREATED_AT),
                row.get(UPDATED_AT));
    }
}
