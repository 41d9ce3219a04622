package io.nacre.placement.resourceclass;

import static org.jooq.impl.DSL.selectOne;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import io.nacre.placement.inventory.InventoryStore;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jooq.Field;

/** Resource classes by name. */
public final class ResourceClassStore {
    /** The catalogue of os-resource-classes, in its order. */
    static final List<String> STANDARD = List.of(
            "VCPU",
            "MEMORY_MB",
            "DISK_GB",
            "PCI_DEVICE",
            "SRIOV_NET_VF",
            "NUMA_SOCKET",
            "NUMA_CORE",
            "NUMA_THREAD",
            "NUMA_MEMORY_MB",
            "IPV4_ADDRESS",
            "VGPU",
            "VGPU_DISPLAY_HEAD",
            "NET_BW_EGR_KILOBIT_PER_SEC",
            "NET_BW_IGR_KILOBIT_PER_SEC",
            "PCPU",
            "MEM_ENCRYPTION_CONTEXT",
            "FPGA",
            "PGPU",
            "NET_PACKET_RATE_KILOPACKET_PER_SEC",
            "NET_PACKET_RATE_EGR_KILOPACKET_PER_SEC",
            "NET_PACKET_RATE_IGR_KILOPACKET_PER_SEC");

    private static final Set<String> STANDARD_SET = Set.copyOf(STANDARD);
    private static final Columns CLASS = Columns.of("placement_resource_class");
    private static final Field<String> NAME = CLASS.text("name");
    private static final Field<Instant> CREATED_AT = CLASS.instant("created_at");

    public static boolean isStandard(String name) {
        return STANDARD_SET.contains(name);
    }

    /** The standard ones in their order, then the custom ones in the order of their names. */
    List<String> list(Tx tx) {
        List<String> names = new java.util.ArrayList<>(STANDARD);
        names.addAll(Sql.in(tx).select(NAME).from(CLASS.table()).orderBy(NAME).fetch(NAME));
        return names;
    }

    boolean exists(Tx tx, String name) {
        return isStandard(name)
                || Sql.in(tx).fetchExists(selectOne().from(CLASS.table()).where(NAME.eq(name)));
    }

    /** Faults with INVALID that names the classes which are not there. */
    public void requireAll(Tx tx, Collection<String> names) {
        Set<String> missing = new TreeSet<>(names);
        missing.removeAll(STANDARD_SET);
        if (!missing.isEmpty()) {
            missing.removeAll(new HashSet<>(Sql.in(tx)
                    .select(NAME)
                    .from(CLASS.table())
                    .where(NAME.in(missing))
                    .fetch(NAME)));
        }
        if (!missing.isEmpty()) {
            throw Fault.invalid(
                    "Unknown resource class in input data: No such resource class " + String.join(", ", missing) + ".");
        }
    }

    /** True when it was not there before. */
    boolean create(Tx tx, String name, Instant now) {
        return Sql.in(tx)
                        .insertInto(CLASS.table())
                        .set(NAME, name)
                        .set(CREATED_AT, now)
                        .onConflictDoNothing()
                        .execute()
                == 1;
    }

    void delete(Tx tx, String name) {
        if (InventoryStore.isClassInUse(tx, name)) {
            throw Fault.conflict("Cannot delete resource class " + name + ". Class is in use in inventory.");
        }
        Sql.in(tx).deleteFrom(CLASS.table()).where(NAME.eq(name)).execute();
    }
}
