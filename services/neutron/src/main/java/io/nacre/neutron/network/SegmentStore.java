package io.nacre.neutron.network;

import io.nacre.base.LostRace;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import io.nacre.neutron.NeutronFault;
import io.nacre.neutron.network.Network.Segment;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jooq.Field;
import org.jooq.impl.DSL;

/** Which segments are taken: VXLAN identifiers, and physical networks that hold a flat network. */
public final class SegmentStore {
    private static final int TRIES = 20;
    private static final Columns T = Columns.of("neutron_segment");
    private static final Field<String> TYPE = T.text("network_type");
    private static final Field<String> PHYSICAL = T.text("physical_network");
    private static final Field<Integer> NUMBER = T.integer("segmentation_id");
    private static final Field<String> NETWORK = T.text("network_id");

    /** A free identifier of the range; faults when there is none. */
    int allocate(Tx tx, String type, int from, int to, String networkId, RandomGenerator random) {
        for (int i = 0; i < TRIES; i++) {
            int candidate = random.nextInt(from, to + 1);
            if (isFree(tx, type, "", candidate)) {
                insert(tx, type, "", candidate, networkId);
                return candidate;
            }
        }
        Set<Integer> taken = new HashSet<>(Sql.in(tx)
                .select(NUMBER)
                .from(T.table())
                .where(TYPE.eq(type))
                .and(NUMBER.between(from, to))
                .fetch(NUMBER));
        for (int candidate = from; candidate <= to; candidate++) {
            if (!taken.contains(candidate)) {
                insert(tx, type, "", candidate, networkId);
                return candidate;
            }
        }
        throw NeutronFault.unavailable(
                "NoNetworkAvailable", "Unable to create the network. No tenant network is available for allocation.");
    }

    /** Takes exactly this segment; faults with CONFLICT when another network has it. */
    void claim(Tx tx, Segment segment, String networkId) {
        String physical = segment.physical() == null ? "" : segment.physical();
        int number = segment.id() == null ? 0 : segment.id();
        if (!isFree(tx, segment.type(), physical, number)) {
            throw segment.type().equals("flat")
                    ? NeutronFault.conflict(
                            "FlatNetworkInUse",
                            "Unable to create the flat network. Physical network " + physical + " is in use.")
                    : NeutronFault.conflict(
                            "TunnelIdInUse", "Unable to create the network. The tunnel ID " + number + " is in use.");
        }
        insert(tx, segment.type(), physical, number, networkId);
    }

    void release(Tx tx, String networkId) {
        Sql.in(tx).deleteFrom(T.table()).where(NETWORK.eq(networkId)).execute();
    }

    private static boolean isFree(Tx tx, String type, String physical, int number) {
        return !Sql.in(tx)
                .fetchExists(DSL.selectOne()
                        .from(T.table())
                        .where(TYPE.eq(type))
                        .and(PHYSICAL.eq(physical))
                        .and(NUMBER.eq(number)));
    }

    private static void insert(Tx tx, String type, String physical, int number, String networkId) {
        int inserted = Sql.in(tx)
                .insertInto(T.table())
                .set(TYPE, type)
                .set(PHYSICAL, physical)
                .set(NUMBER, number)
                .set(NETWORK, networkId)
                .onConflictDoNothing()
                .execute();
        if (inserted == 0) {
            throw new LostRace("segment " + type + " " + number);
        }
    }
}
