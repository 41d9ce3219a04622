package io.nacre.nova.aggregate;

import static org.jooq.impl.DSL.selectOne;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import io.nacre.nova.NumberStore;
import io.nacre.nova.host.HostStore;
import io.nacre.nova.host.Zones;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jooq.Field;
import tools.jackson.core.type.TypeReference;

/** Aggregates and their hosts. */
public final class AggregateStore implements Zones {
    private static final Columns AGGREGATE = Columns.of("nova_aggregate");
    private static final Field<Long> ID = AGGREGATE.number("id");
    private static final Field<String> UUID = AGGREGATE.text("uuid");
    private static final Field<String> NAME = AGGREGATE.text("name");
    private static final Field<Map<String, String>> METADATA =
            AGGREGATE.json("metadata", new TypeReference<Map<String, String>>() {});
    private static final Field<Instant> CREATED_AT = AGGREGATE.instant("created_at");
    private static final Field<Instant> UPDATED_AT = AGGREGATE.instant("updated_at");

    private static final Columns MEMBER = Columns.of("nova_aggregate_host");
    private static final Field<Long> AGGREGATE_ID = MEMBER.number("aggregate_id");
    private static final Field<String> HOST = MEMBER.text("host");

    public List<Aggregate> all(Tx tx) {
        Map<Long, List<String>> hosts = new HashMap<>();
        Sql.in(tx)
                .select(MEMBER.all())
                .from(MEMBER.table())
                .orderBy(HOST)
                .forEach(row -> hosts.computeIfAbsent(row.get(AGGREGATE_ID), id -> new ArrayList<>())
                        .add(row.get(HOST)));
        return Sql.in(tx)
                .select(AGGREGATE.all())
                .from(AGGREGATE.table())
                .orderBy(ID)
                .fetch(row -> new Aggregate(
                        row.get(ID),
                        row.get(UUID),
                        row.get(NAME),
                        row.get(METADATA),
                        hosts.getOrDefault(row.get(ID), List.of()),
                        row.get(CREATED_AT),
                        row.get(UPDATED_AT)));
    }

    Aggregate require(Tx tx, String id) {
        return all(tx).stream()
                .filter(aggregate -> Long.toString(aggregate.id()).equals(id))
                .findFirst()
                .orElseThrow(() -> Fault.notFound("Aggregate " + id + " could not be found."));
    }

    long create(Tx tx, String uuid, String name, Map<String, String> metadata, Instant now) {
        requireNameFree(tx, name, -1);
        long id = NumberStore.take(tx, "aggregate", 1);
        Sql.in(tx)
                .insertInto(AGGREGATE.table())
                .set(ID, id)
                .set(UUID, uuid)
                .set(NAME, name)
                .set(METADATA, metadata)
                .set(CREATED_AT, now)
                .execute();
        return id;
    }

    void update(Tx tx, long id, String name, Map<String, String> metadata, Instant now) {
        requireNameFree(tx, name, id);
        Sql.in(tx)
                .update(AGGREGATE.table())
                .set(NAME, name)
                .set(METADATA, metadata)
                .set(UPDATED_AT, now)
                .where(ID.eq(id))
                .execute();
    }

    private static void requireNameFree(Tx tx, String name, long id) {
        if (Sql.in(tx)
                .fetchExists(
                        selectOne().from(AGGREGATE.table()).where(NAME.eq(name).and(ID.ne(id))))) {
            throw Fault.conflict("Aggregate " + name + " already exists.");
        }
    }

    void delete(Tx tx, long id) {
        Sql.in(tx).deleteFrom(AGGREGATE.table()).where(ID.eq(id)).execute();
    }

    void addHost(Tx tx, long id, String host) {
        Sql.in(tx)
                .insertInto(MEMBER.table())
                .set(AGGREGATE_ID, id)
                .set(HOST, host)
                .execute();
    }

    void removeHost(Tx tx, long id, String host) {
        Sql.in(tx)
                .deleteFrom(MEMBER.table())
                .where(AGGREGATE_ID.eq(id).and(HOST.eq(host)))
                .execute();
    }

    @Override
    public Map<String, String> of(Tx tx, Collection<String> hosts) {
        Map<String, String> zones = new HashMap<>();
        hosts.forEach(host -> zones.put(host, HostStore.DEFAULT_ZONE));
        for (Aggregate aggregate : all(tx)) {
            String zone = aggregate.zone();
            if (zone != null) {
                aggregate.hosts().forEach(host -> zones.replace(host, zone));
            }
        }
        return zones;
    }
}
