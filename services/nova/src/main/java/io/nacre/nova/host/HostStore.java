package io.nacre.nova.host;

import io.nacre.base.Tx;
import io.nacre.contracts.node.ComputeNode;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import io.nacre.nova.NumberStore;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** The hosts that were ever heard of and not forgotten. */
public final class HostStore {
    /** The zone of a host that no aggregate puts into another one. */
    public static final String DEFAULT_ZONE = "nova";

    private static final Columns HOST = Columns.of("nova_host");
    private static final Field<String> ID = HOST.text("id");
    private static final Field<Long> NUMBER = HOST.number("number");
    private static final Field<String> NAME = HOST.text("host");
    private static final Field<String> SERVICE_ID = HOST.text("service_id");
    private static final Field<String> HYPERVISOR = HOST.text("hypervisor_hostname");
    private static final Field<ComputeNode.HostReport> REPORT = HOST.json("report", ComputeNode.HostReport.class);
    private static final Field<Boolean> DISABLED = HOST.bool("disabled");
    private static final Field<String> DISABLED_REASON = HOST.text("disabled_reason");
    private static final Field<Boolean> FORCED_DOWN = HOST.bool("forced_down");
    private static final Field<Boolean> STOPPED = HOST.bool("stopped");
    private static final Field<Instant> STARTED_AT = HOST.instant("started_at");
    private static final Field<Instant> SEEN_AT = HOST.instant("seen_at");
    private static final Field<Instant> CREATED_AT = HOST.instant("created_at");
    private static final Field<Instant> UPDATED_AT = HOST.instant("updated_at");

    public List<ComputeHost> all(Tx tx) {
        return Sql.in(tx).select(HOST.all()).from(HOST.table()).orderBy(NUMBER).fetch(HostStore::host);
    }

    public List<ComputeHost> byIds(Tx tx, Collection<String> ids) {
        return Sql.in(tx)
                .select(HOST.all())
                .from(HOST.table())
                .where(ID.in(ids))
                .orderBy(NUMBER)
                .fetch(HostStore::host);
    }

    public Map<String, ComputeHost> byNames(Tx tx, Collection<String> names) {
        Map<String, ComputeHost> found = new HashMap<>();
        if (!names.isEmpty()) {
            Sql.in(tx)
                    .select(HOST.all())
                    .from(HOST.table())
                    .where(NAME.in(names))
                    .fetch(HostStore::host)
                    .forEach(host -> found.put(host.host(), host));
        }
        return found;
    }

    public Optional<ComputeHost> find(Tx tx, String name) {
        return Sql.in(tx)
                .select(HOST.all())
                .from(HOST.table())
                .where(NAME.eq(name))
                .fetchOptional(HostStore::host);
    }

    /** Keeps a host that was not known. */
    public void create(Tx tx, ComputeHost host) {
        Sql.in(tx)
                .insertInto(HOST.table())
                .set(ID, host.id())
                .set(NUMBER, NumberStore.take(tx, "host", 1))
                .set(NAME, host.host())
                .set(SERVICE_ID, host.serviceId())
                .set(HYPERVISOR, host.hypervisorHostname())
                .set(REPORT, host.report())
                .set(DISABLED, host.disabled())
                .set(DISABLED_REASON, host.disabledReason())
                .set(FORCED_DOWN, host.forcedDown())
                .set(STOPPED, host.stopped())
                .set(STARTED_AT, host.startedAt())
                .set(SEEN_AT, host.seenAt())
                .set(CREATED_AT, host.createdAt())
                .set(UPDATED_AT, host.updatedAt())
                .execute();
    }

    /** What a heartbeat brings; one that was overtaken by a later one changes nothing. */
    public void heard(
            Tx tx, String name, ComputeNode.HostReport report, Instant startedAt, Instant seenAt, boolean stopped) {
        Sql.in(tx)
                .update(HOST.table())
                .set(HYPERVISOR, report.hypervisorHostname())
                .set(REPORT, report)
                .set(STARTED_AT, startedAt)
                .set(SEEN_AT, seenAt)
                .set(STOPPED, stopped)
                .where(NAME.eq(name))
                .and(SEEN_AT.le(seenAt))
                .execute();
    }

    public void setDisabled(Tx tx, String name, boolean disabled, @Nullable String reason, Instant now) {
        Sql.in(tx)
                .update(HOST.table())
                .set(DISABLED, disabled)
                .set(DISABLED_REASON, reason)
                .set(UPDATED_AT, now)
                .where(NAME.eq(name))
                .execute();
    }

    public void setForcedDown(Tx tx, String name, boolean forcedDown, Instant now) {
        Sql.in(tx)
                .update(HOST.table())
                .set(FORCED_DOWN, forcedDown)
                .set(UPDATED_AT, now)
                .where(NAME.eq(name))
                .execute();
    }

    public void delete(Tx tx, String name) {
        Sql.in(tx).deleteFrom(HOST.table()).where(NAME.eq(name)).execute();
    }

    private static ComputeHost host(Record row) {
        return new ComputeHost(
                row.get(ID),
                row.get(NUMBER),
                row.get(NAME),
                row.get(SERVICE_ID),
                row.get(REPORT),
                row.get(DISABLED),
                row.get(DISABLED_REASON),
                row.get(FORCED_DOWN),
                row.get(STOPPED),
                row.get(STARTED_AT),
                row.get(SEEN_AT),
                row.get(CREATED_AT),
                row.get(UPDATED_AT));
    }
}
