package io.nacre.nova.server;

import io.nacre.base.Tx;
import io.nacre.contracts.node.ComputeNode.PowerState;
import io.nacre.nova.flavor.Flavor;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/** A change of a server that was read in the same transaction: some fields, applied at once or not at all. */
public final class ServerChange {
    private final Tx tx;
    private final Server server;
    private final Map<Field<?>, @Nullable Object> fields = new LinkedHashMap<>();

    ServerChange(Tx tx, Server server, Instant now) {
        this.tx = tx;
        this.server = server;
        fields.put(ServerStore.GENERATION, server.generation() + 1);
        fields.put(ServerStore.UPDATED_AT, now);
    }

    /** What is going on; null for nothing. */
    public ServerChange task(@Nullable TaskState task) {
        return set(ServerStore.TASK_STATE, task);
    }

    public ServerChange vm(VmState state) {
        return set(ServerStore.VM_STATE, state);
    }

    public ServerChange power(PowerState state) {
        return set(ServerStore.POWER_STATE, state);
    }

    /** Null takes it off its host. */
    public ServerChange place(Server.@Nullable Place place) {
        set(ServerStore.HOST, place == null ? null : place.host());
        set(ServerStore.NODE, place == null ? null : place.node());
        return set(ServerStore.ZONE, place == null ? null : place.zone());
    }

    public ServerChange fault(Server.@Nullable Failure fault) {
        return set(ServerStore.FAULT, fault);
    }

    public ServerChange lock(Server.@Nullable Lock lock) {
        set(ServerStore.LOCKED_BY, lock == null ? null : lock.by());
        return set(ServerStore.LOCKED_REASON, lock == null ? null : lock.reason());
    }

    public ServerChange name(String name) {
        return set(ServerStore.NAME, name);
    }

    public ServerChange description(@Nullable String description) {
        return set(ServerStore.DESCRIPTION, description);
    }

    public ServerChange hostname(String hostname) {
        return set(ServerStore.HOSTNAME, hostname);
    }

    public ServerChange accessIpV4(@Nullable String address) {
        return set(ServerStore.ACCESS_IP_V4, address);
    }

    public ServerChange accessIpV6(@Nullable String address) {
        return set(ServerStore.ACCESS_IP_V6, address);
    }

    public ServerChange autoDiskConfig(boolean auto) {
        return set(ServerStore.AUTO_DISK_CONFIG, auto);
    }

    public ServerChange metadata(Map<String, String> metadata) {
        return set(ServerStore.METADATA, metadata);
    }

    public ServerChange source(Server.Source source) {
        set(ServerStore.IMAGE_ID, source.imageId());
        return set(ServerStore.IMAGE_PROPERTIES, source.properties());
    }

    public ServerChange login(Server.Login login) {
        set(ServerStore.KEY_NAME, login.keyName());
        set(ServerStore.PUBLIC_KEY, login.publicKey());
        return set(ServerStore.USER_DATA, login.userData());
    }

    public ServerChange flavor(Flavor flavor) {
        set(ServerStore.FLAVOR_ID, flavor.id());
        set(ServerStore.FLAVOR, flavor);
        set(ServerStore.VCPUS, flavor.vcpus());
        set(ServerStore.RAM, flavor.ramMiB());
        return set(ServerStore.DISK, flavor.diskGiB() + flavor.ephemeralGiB());
    }

    public ServerChange launchedAt(Instant at) {
        return set(ServerStore.LAUNCHED_AT, at);
    }

    public ServerChange deletedAt(Instant at) {
        set(ServerStore.TERMINATED_AT, at);
        return set(ServerStore.DELETED_AT, at);
    }

    /** Writes it; the transaction starts over when somebody else changed the server meanwhile. */
    public void apply() {
        ServerStore.apply(tx, server, fields);
    }

    private <T> ServerChange set(Field<T> field, @Nullable T value) {
        fields.put(field, value);
        return this;
    }
}
