package io.nacre.neutron.network;

import io.nacre.base.Caller;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import io.nacre.neutron.resource.ResourceStore;
import io.nacre.neutron.resource.Standard;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;

/** The networks. */
public final class NetworkStore extends ResourceStore<Network> {
    /** Enough of the subnets' table to list a network's own. */
    private static final Columns SUBNET = Columns.of("neutron_subnet");

    private static final Field<String> SUBNET_ID = SUBNET.text("id");
    private static final Field<String> SUBNET_NETWORK = SUBNET.text("network_id");
    private static final Field<java.time.Instant> SUBNET_CREATED = SUBNET.instant("created_at");

    final Field<String> name = bind(columns().text("name"), Network::name);
    final Field<Boolean> adminUp = bind(columns().bool("admin_state_up"), Network::adminUp);
    final Field<Integer> mtu = bind(columns().integer("mtu"), Network::mtu);
    final Field<Boolean> external = bind(columns().bool("external"), Network::external);
    final Field<Boolean> isDefault = bind(columns().bool("is_default"), Network::isDefault);
    final Field<Boolean> portSecurity = bind(columns().bool("port_security_enabled"), Network::portSecurity);
    final Field<String> type =
            bind(columns().text("network_type"), n -> n.segment().type());
    final Field<String> physical =
            bind(columns().text("physical_network"), n -> n.segment().physical());
    final Field<Integer> segmentation =
            bind(columns().integer("segmentation_id"), n -> n.segment().id());
    final Field<String> dnsDomain = bind(columns().text("dns_domain"), Network::dnsDomain);
    final Field<List<String>> zoneHints = bind(columns().strings("zone_hints"), Network::zoneHints);

    private final ShareStore shares;

    public NetworkStore(ShareStore shares) {
        super("Network", "neutron_network");
        this.shares = shares;
    }

    public ShareStore shares() {
        return shares;
    }

    /** Networks of the project, and those it may look at because they are shared or external. */
    public Condition visibleTo(String project) {
        return project().eq(project).or(id().in(shares.sharedWith(project))).or(external);
    }

    /** Networks the project may put ports on. */
    public Condition usableBy(String project) {
        return project().eq(project).or(id().in(shares.sharedWith(project)));
    }

    /** A network that the caller may have a gateway or floating address on, as far as they can see it at all. */
    public Network requireGateway(Tx tx, Caller caller, String networkId) {
        return find(tx, networkId)
                .filter(n -> caller.isAdmin() || n.external() || n.isUsableBy(caller.projectId()))
                .orElseThrow(() -> missing(networkId));
    }

    Condition shared(boolean wanted) {
        Condition condition = id().in(shares.sharedWith("*"));
        return wanted ? condition : org.jooq.impl.DSL.not(condition);
    }

    @Override
    protected Network of(Record row, Standard standard) {
        return new Network(
                standard,
                row.get(name),
                row.get(adminUp),
                row.get(mtu),
                row.get(external),
                row.get(isDefault),
                row.get(portSecurity),
                new Network.Segment(row.get(type), row.get(physical), row.get(segmentation)),
                row.get(dnsDomain),
                row.get(zoneHints),
                Set.of(),
                List.of());
    }

    @Override
    protected List<Network> complete(Tx tx, List<Network> plain) {
        List<String> ids = plain.stream().map(Network::id).toList();
        Map<String, Set<String>> shared = shares.of(tx, ids);
        Map<String, List<String>> subnets = new HashMap<>();
        Sql.in(tx)
                .select(SUBNET_ID, SUBNET_NETWORK)
                .from(SUBNET.table())
                .where(SUBNET_NETWORK.in(ids))
                .orderBy(SUBNET_CREATED, SUBNET_ID)
                .forEach(row -> subnets.computeIfAbsent(row.get(SUBNET_NETWORK), id -> new ArrayList<>())
                        .add(row.get(SUBNET_ID)));
        return plain.stream()
                .map(n -> n.with(
                        shared.getOrDefault(n.id(), Set.of()), List.copyOf(subnets.getOrDefault(n.id(), List.of()))))
                .toList();
    }

    @Override
    protected void deleteParts(Tx tx, Network network) {
        shares.clear(tx, network.id());
    }
}
