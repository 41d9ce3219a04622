package io.nacre.glance.data;

import io.nacre.base.Json;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import tools.jackson.databind.node.ObjectNode;

/** Where images' data is. */
public final class LocationStore {
    private static final Columns LOCATION = Columns.of("glance_location");
    private static final Field<String> KEY = LOCATION.text("data_key");
    private static final Field<String> IMAGE = LOCATION.text("image_id");
    private static final Field<String> STORE = LOCATION.text("store");
    private static final Field<Location.Status> STATUS = LOCATION.choice("status", Location.Status.class);
    private static final Field<Instant> TOUCHED_AT = LOCATION.instant("touched_at");
    private static final Field<String> URL = LOCATION.text("url");
    private static final Field<Integer> PLACE = LOCATION.integer("place");
    private static final Field<ObjectNode> METADATA = LOCATION.json("metadata", ObjectNode.class);

    void add(Tx tx, Location location) {
        Sql.in(tx)
                .insertInto(LOCATION.table())
                .set(KEY, location.key())
                .set(IMAGE, location.imageId())
                .set(STORE, location.store())
                .set(STATUS, location.status())
                .set(TOUCHED_AT, location.touchedAt())
                .set(URL, location.url())
                .set(METADATA, location.metadata())
                .execute();
    }

    /** The data of images, in the order that clients gave it. */
    List<Location> active(Tx tx, Collection<String> imageIds) {
        return list(tx, IMAGE.in(imageIds).and(STATUS.eq(Location.Status.ACTIVE)));
    }

    /** Makes the data of an image what it should be now: in this order, the rest given up. */
    void arrange(Tx tx, List<Location> before, List<Location> now) {
        Set<String> kept = now.stream().map(Location::key).collect(Collectors.toSet());
        Set<String> known = before.stream().map(Location::key).collect(Collectors.toSet());
        for (Location location : before) {
            if (!kept.contains(location.key())) {
                move(tx, location.key(), Location.Status.ACTIVE, Location.Status.DELETING);
            }
        }
        for (int place = 0; place < now.size(); place++) {
            Location location = now.get(place);
            if (!known.contains(location.key())) {
                add(tx, location);
            }
            Sql.in(tx)
                    .update(LOCATION.table())
                    .set(PLACE, place)
                    .set(METADATA, location.metadata())
                    .where(KEY.eq(location.key()))
                    .execute();
        }
    }

    /** True when the location was there in this status; it has the new one now. */
    boolean move(Tx tx, String key, Location.Status from, Location.Status to) {
        return Sql.in(tx)
                        .update(LOCATION.table())
                        .set(STATUS, to)
                        .where(KEY.eq(key).and(STATUS.eq(from)))
                        .execute()
                == 1;
    }

    /** Says that the writer is alive. */
    void touch(Tx tx, String key, Instant now) {
        Sql.in(tx)
                .update(LOCATION.table())
                .set(TOUCHED_AT, now)
                .where(KEY.eq(key).and(STATUS.eq(Location.Status.WRITING)))
                .execute();
    }

    /** Gives everything of an image up for removal. */
    void giveUp(Tx tx, String imageId) {
        Sql.in(tx)
                .update(LOCATION.table())
                .set(STATUS, Location.Status.DELETING)
                .where(IMAGE.eq(imageId))
                .execute();
    }

    void remove(Tx tx, String key) {
        Sql.in(tx).deleteFrom(LOCATION.table()).where(KEY.eq(key)).execute();
    }

    List<Location> ofImage(Tx tx, String imageId) {
        return list(tx, IMAGE.eq(imageId));
    }

    List<Location> ofImage(Tx tx, String imageId, Location.Status status) {
        return list(tx, IMAGE.eq(imageId).and(STATUS.eq(status)));
    }

    List<Location> inStatus(Tx tx, Location.Status status) {
        return list(tx, STATUS.eq(status));
    }

    /** Claims whose writers were not heard of since. */
    List<Location> silent(Tx tx, Instant since) {
        return list(tx, STATUS.eq(Location.Status.WRITING).and(TOUCHED_AT.lt(since)));
    }

    Optional<Location> find(Tx tx, String key) {
        return list(tx, KEY.eq(key)).stream().findFirst();
    }

    /** Those of the keys that belong to somebody. */
    Set<String> known(Tx tx, Collection<String> keys) {
        return Sql.in(tx).select(KEY).from(LOCATION.table()).where(KEY.in(keys)).fetchSet(KEY);
    }

    private static List<Location> list(Tx tx, Condition condition) {
        return Sql.in(tx)
                .select(LOCATION.all())
                .from(LOCATION.table())
                .where(condition)
                .orderBy(PLACE, TOUCHED_AT, KEY)
                .fetch(LocationStore::location);
    }

    private static Location location(Record row) {
        return new Location(
                row.get(KEY),
                row.get(IMAGE),
                row.get(STORE),
                row.get(STATUS),
                row.get(TOUCHED_AT),
                row.get(URL),
                Objects.requireNonNullElseGet(row.get(METADATA), Json::object));
    }
}
