package io.nacre.neutron.dataplane;

import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.impl.DSL;

/** Which host serves DHCP for which network. */
public final class DhcpStore {
    private static final Columns T = Columns.of("neutron_dhcp");
    private static final Field<String> NETWORK = T.text("network_id");
    private static final Field<String> HOST = T.text("host");
    private static final Field<String> PORT = T.text("port_id");

    /** @param portId the service's own port */
    public record Service(String networkId, String host, String portId) {}

    Optional<Service> find(Tx tx, String networkId) {
        return Sql.in(tx)
                .select(T.all())
                .from(T.table())
                .where(NETWORK.eq(networkId))
                .fetchOptional(row -> new Service(row.get(NETWORK), row.get(HOST), row.get(PORT)));
    }

    /** The networks that the host serves. */
    public List<String> networksOf(Tx tx, String host) {
        return Sql.in(tx)
                .select(NETWORK)
                .from(T.table())
                .where(HOST.eq(host))
                .orderBy(NETWORK)
                .fetch(NETWORK);
    }

    /** How many networks each host serves. */
    Map<String, Integer> load(Tx tx) {
        Map<String, Integer> load = new HashMap<>();
        Sql.in(tx)
                .select(HOST, DSL.count())
                .from(T.table())
                .groupBy(HOST)
                .forEach(row -> load.put(row.get(HOST), row.value2()));
        return load;
    }

    void insert(Tx tx, Service service) {
        Sql.in(tx)
                .insertInto(T.table())
                .set(NETWORK, service.networkId())
                .set(HOST, service.host())
                .set(PORT, service.portId())
                .execute();
    }

    void delete(Tx tx, String networkId) {
        Sql.in(tx).deleteFrom(T.table()).where(NETWORK.eq(networkId)).execute();
    }

    void move(Tx tx, String networkId, String host) {
        Sql.in(tx)
                .update(T.table())
                .set(HOST, host)
                .where(NETWORK.eq(networkId))
                .execute();
    }
}
