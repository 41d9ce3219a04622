package io.nacre.nova.server;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Page;
import io.nacre.base.Tx;
import io.nacre.contracts.node.ComputeNode.PowerState;
import io.nacre.database.Columns;
import io.nacre.database.Paging;
import io.nacre.database.Sql;
import io.nacre.nova.flavor.Flavor;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Servers, those that were deleted among them. */
public final class ServerStore {
    static final Columns SERVER = Columns.of("nova_server");
    static final Field<String> ID = SERVER.text("id");
    static final Field<Long> NUMBER = SERVER.number("number");
    static final Field<Long> GENERATION = SERVER.number("generation");
    static final Field<String> PROJECT_ID = SERVER.text("project_id");
    static final Field<String> USER_ID = SERVER.text("user_id");
    static final Field<String> NAME = SERVER.text("name");
    static final Field<String> DESCRIPTION = SERVER.text("description");
    static final Field<String> HOSTNAME = SERVER.text("hostname");
    static final Field<VmState> VM_STATE = SERVER.choice("vm_state", VmState.class);
    static final Field<TaskState> TASK_STATE = SERVER.choice("task_state", TaskState.class);
    static final Field<PowerState> POWER_STATE = SERVER.choice("power_state", PowerState.class);
    static final Field<String> HOST = SERVER.text("host");
    static final Field<String> NODE = SERVER.text("node");
    static final Field<String> ZONE = SERVER.text("zone");
    static final Field<String> PINNED_ZONE = SERVER.text("pinned_zone");
    static final Field<String> IMAGE_ID = SERVER.text("image_id");
    static final Field<Map<String, String>> IMAGE_PROPERTIES =
            SERVER.json("image_properties", new TypeReference<Map<String, String>>() {});
    static final Field<String> FLAVOR_ID = SERVER.text("flavor_id");
    static final Field<Flavor> FLAVOR = SERVER.json("flavor", Flavor.class);
    static final Field<Integer> VCPUS = SERVER.integer("vcpus");
    static final Field<Integer> RAM = SERVER.integer("ram_mib");
    static final Field<Integer> DISK = SERVER.integer("disk_gib");
    static final Field<String> KEY_NAME = SERVER.text("key_name");
    static final Field<String> PUBLIC_KEY = SERVER.text("public_key");
    static final Field<String> USER_DATA = SERVER.text("user_data");
    static final Field<Boolean> CONFIG_DRIVE = SERVER.bool("config_drive");
    static final Field<Map<String, Object>> HINTS = SERVER.json("hints", new TypeReference<Map<String, Object>>() {});
    static final Field<Boolean> AUTO_DISK_CONFIG = SERVER.bool("auto_disk_config");
    static final Field<String> ACCESS_IP_V4 = SERVER.text("access_ip_v4");
    static final Field<String> ACCESS_IP_V6 = SERVER.text("access_ip_v6");
    static final Field<String> RESERVATION_ID = SERVER.text("reservation_id");
    static final Field<Integer> LAUNCH_INDEX = SERVER.integer("launch_index");
    static final Field<String> LOCKED_BY = SERVER.text("locked_by");
    static final Field<String> LOCKED_REASON = SERVER.text("locked_reason");
    static final Field<Map<String, String>> METADATA =
            SERVER.json("metadata", new TypeReference<Map<String, String>>() {});
    static final Field<Server.Failure> FAULT = SERVER.json("fault", Server.Failure.class);
    static final Field<Instant> CREATED_AT = SERVER.instant("created_at");
    static final Field<Instant> UPDATED_AT = SERVER.instant("updated_at");
    static final Field<Instant> LAUNCHED_AT = SERVER.instant("launched_at");
    static final Field<Instant> TERMINATED_AT = SERVER.instant("terminated_at");
    static final Field<Instant> DELETED_AT = SERVER.instant("deleted_at");

    private static final Paging PAGING = Paging.of(SERVER, ID)
            .key("uuid", ID)
            .key("access_ip_v4", ACCESS_IP_V4)
            .key("access_ip_v6", ACCESS_IP_V6)
            .key("auto_disk_config", AUTO_DISK_CONFIG)
            .key("availability_zone", ZONE)
            .key("config_drive", CONFIG_DRIVE)
            .key("created_at", CREATED_AT)
            .key("display_description", DESCRIPTION)
            .key("display_name", NAME)
            .key("host", HOST)
            .key("hostname", HOSTNAME)
            .key("image_ref", IMAGE_ID)
            .key("instance_type_id", FLAVOR_ID)
            .key("key_name", KEY_NAME)
            .key("launch_index", LAUNCH_INDEX)
            .key("launched_at", LAUNCHED_AT)
            .key("locked", LOCKED_BY)
            .key("locked_by", LOCKED_BY)
            .key("node", NODE)
            .key("power_state", POWER_STATE)
            .key("project_id", PROJECT_ID)
            .key("task_state", TASK_STATE)
            .key("terminated_at", TERMINATED_AT)
            .key("updated_at", UPDATED_AT)
            .key("user_id", USER_ID)
            .key("vm_state", VM_STATE)
            .ordered("created_at", false);

    /** What the servers of a host or project come to. */
    public record Sum(int servers, int vcpus, long ramMiB, long diskGiB) {
        public static final Sum NOTHING = new Sum(0, 0, 0, 0);
    }

    /** Any server that exists, whoever asks. */
    public Optional<Server> find(Tx tx, String id) {
        return Sql.in(tx)
                .select(SERVER.all())
                .from(SERVER.table())
                .where(ID.eq(id))
                .and(DELETED_AT.isNull())
                .fetchOptional(ServerStore::server);
    }

    /** A server that exists or once existed. */
    public Optional<Server> findEver(Tx tx, String id) {
        return Sql.in(tx)
                .select(SERVER.all())
                .from(SERVER.table())
                .where(ID.eq(id))
                .fetchOptional(ServerStore::server);
    }

    public Server require(Tx tx, String id) {
        return find(tx, id).orElseThrow(() -> missing(id));
    }

    /** A server that the caller may know of: their project's, or any for an operator. */
    public Server require(Tx tx, Caller caller, String id) {
        return find(tx, id)
                .filter(server -> caller.isAdmin() || server.projectId().equals(caller.projectId()))
                .orElseThrow(() -> missing(id));
    }

    public static FaultException missing(String id) {
        return Fault.notFound("Instance " + id + " could not be found.");
    }

    List<Server> list(Tx tx, Condition condition, Page page, Condition markers) {
        return PAGING.fetch(
                        tx, Sql.in(tx).select(SERVER.all()).from(SERVER.table()).where(condition), page, markers)
                .map(ServerStore::server);
    }

    /** The servers that are on a host. */
    public List<Server> onHost(Tx tx, String host) {
        return Sql.in(tx)
                .select(SERVER.all())
                .from(SERVER.table())
                .where(HOST.eq(host))
                .and(DELETED_AT.isNull())
                .fetch(ServerStore::server);
    }

    /** Servers in which something has been going on since before a moment. */
    public List<Server> busySince(Tx tx, Instant before) {
        return Sql.in(tx)
                .select(SERVER.all())
                .from(SERVER.table())
                .where(TASK_STATE.isNotNull().or(VM_STATE.eq(VmState.BUILDING)))
                .and(DELETED_AT.isNull())
                .and(UPDATED_AT.lt(before))
                .fetch(ServerStore::server);
    }

    /** Which host each of the servers is on; those on none are left out. */
    public Map<String, String> hostsOf(Tx tx, Collection<String> ids) {
        Map<String, String> hosts = new HashMap<>();
        if (!ids.isEmpty()) {
            Sql.in(tx)
                    .select(ID, HOST)
                    .from(SERVER.table())
                    .where(ID.in(ids))
                    .and(HOST.isNotNull())
                    .and(DELETED_AT.isNull())
                    .forEach(row -> hosts.put(row.get(ID), row.get(HOST)));
        }
        return hosts;
    }

    /** What each host has to carry; a host without servers is left out. */
    public Map<String, Sum> sumByHost(Tx tx, Collection<String> hosts) {
        Map<String, Sum> sums = new HashMap<>();
        Field<Integer> servers = DSL.count();
        Sql.in(tx)
                .select(HOST, servers, DSL.sum(VCPUS), DSL.sum(RAM), DSL.sum(DISK))
                .from(SERVER.table())
                .where(HOST.in(hosts))
                .and(DELETED_AT.isNull())
                .groupBy(HOST)
                .forEach(row -> sums.put(row.get(HOST), sum(row, servers)));
        return sums;
    }

    /** What a project has. */
    public Sum sumOfProject(Tx tx, String projectId) {
        Field<Integer> servers = DSL.count();
        return Sql.in(tx)
                .select(servers, DSL.sum(VCPUS), DSL.sum(RAM), DSL.sum(DISK))
                .from(SERVER.table())
                .where(PROJECT_ID.eq(projectId))
                .and(DELETED_AT.isNull())
                .fetchSingle(row -> sum(row, servers));
    }

    private static Sum sum(Record row, Field<Integer> servers) {
        return new Sum(
                row.get(servers),
                (int) whole(row.get(DSL.sum(VCPUS))),
                whole(row.get(DSL.sum(RAM))),
                whole(row.get(DSL.sum(DISK))));
    }

    private static long whole(@Nullable Number number) {
        return number == null ? 0 : number.longValue();
    }

    public void create(Tx tx, Server server) {
        Server.Login login = server.login();
        Server.Wishes wishes = server.wishes();
        Flavor flavor = server.flavor();
        Sql.in(tx)
                .insertInto(SERVER.table())
                .set(ID, server.id())
                .set(NUMBER, server.number())
                .set(GENERATION, server.generation())
                .set(PROJECT_ID, server.projectId())
                .set(USER_ID, server.userId())
                .set(NAME, server.name())
                .set(DESCRIPTION, server.description())
                .set(HOSTNAME, server.hostname())
                .set(VM_STATE, server.vmState())
                .set(TASK_STATE, server.taskState())
                .set(POWER_STATE, server.powerState())
                .set(PINNED_ZONE, wishes.zone())
                .set(IMAGE_ID, server.source().imageId())
                .set(IMAGE_PROPERTIES, server.source().properties())
                .set(FLAVOR_ID, flavor.id())
                .set(FLAVOR, flavor)
                .set(VCPUS, flavor.vcpus())
                .set(RAM, flavor.ramMiB())
                .set(DISK, flavor.diskGiB() + flavor.ephemeralGiB())
                .set(KEY_NAME, login.keyName())
                .set(PUBLIC_KEY, login.publicKey())
                .set(USER_DATA, login.userData())
                .set(CONFIG_DRIVE, login.configDrive())
                .set(HINTS, wishes.hints())
                .set(AUTO_DISK_CONFIG, wishes.autoDiskConfig())
                .set(ACCESS_IP_V4, wishes.accessIpV4())
                .set(ACCESS_IP_V6, wishes.accessIpV6())
                .set(RESERVATION_ID, server.reservationId())
                .set(LAUNCH_INDEX, server.launchIndex())
                .set(METADATA, server.metadata())
                .set(CREATED_AT, server.createdAt())
                .set(UPDATED_AT, server.updatedAt())
                .execute();
    }

    /** Begins a change of the server, decided on the generation that was read. */
    public ServerChange change(Tx tx, Server server, Instant now) {
        return new ServerChange(tx, server, now);
    }

    static void apply(Tx tx, Server server, Map<Field<?>, @Nullable Object> fields) {
        int changed = Sql.in(tx)
                .update(SERVER.table())
                .set(fields)
                .where(ID.eq(server.id()))
                .and(GENERATION.eq(server.generation()))
                .execute();
        Sql.one(changed, "server " + server.id());
    }

    private static Server server(Record row) {
        String host = row.get(HOST);
        String lockedBy = row.get(LOCKED_BY);
        return new Server(
                row.get(ID),
                row.get(NUMBER),
                row.get(GENERATION),
                row.get(PROJECT_ID),
                row.get(USER_ID),
                row.get(NAME),
                row.get(DESCRIPTION),
                row.get(HOSTNAME),
                row.get(VM_STATE),
                row.get(TASK_STATE),
                row.get(POWER_STATE),
                host == null ? null : new Server.Place(host, row.get(NODE), row.get(ZONE)),
                new Server.Source(row.get(IMAGE_ID), row.get(IMAGE_PROPERTIES)),
                row.get(FLAVOR),
                new Server.Login(row.get(KEY_NAME), row.get(PUBLIC_KEY), row.get(USER_DATA), row.get(CONFIG_DRIVE)),
                new Server.Wishes(
                        row.get(PINNED_ZONE),
                        row.get(HINTS),
                        row.get(AUTO_DISK_CONFIG),
                        row.get(ACCESS_IP_V4),
                        row.get(ACCESS_IP_V6)),
                row.get(RESERVATION_ID),
                row.get(LAUNCH_INDEX),
                lockedBy == null ? null : new Server.Lock(lockedBy, row.get(LOCKED_REASON)),
                row.get(METADATA),
                row.get(FAULT),
                row.get(CREATED_AT),
                row.get(UPDATED_AT),
                row.get(LAUNCHED_AT),
                row.get(TERMINATED_AT),
                row.get(DELETED_AT));
    }
}
