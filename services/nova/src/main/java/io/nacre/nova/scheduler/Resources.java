package io.nacre.nova.scheduler;

import io.nacre.contracts.peer.Placement;
import io.nacre.nova.flavor.Flavor;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What a server is charged, and the traits its host must have or lack: the question that placement is asked. */
public final class Resources {
    private static final int LIMIT = 1000;
    private static final String AMOUNT = "resources:";
    private static final String TRAIT = "trait:";

    private Resources() {}

    /** @param bootsFromVolume whether its root disk takes no room on the host */
    public static Placement.Query query(Flavor flavor, Map<String, String> imageProperties, boolean bootsFromVolume) {
        Map<String, Long> amounts = new TreeMap<>();
        amounts.put("VCPU", (long) flavor.vcpus());
        amounts.put("MEMORY_MB", (long) flavor.ramMiB());
        long root = bootsFromVolume ? 0 : flavor.diskGiB();
        amounts.put("DISK_GB", root + flavor.ephemeralGiB() + (flavor.swapMiB() + 1023) / 1024);
        Set<String> required = new HashSet<>();
        Set<String> forbidden = new HashSet<>();
        flavor.extraSpecs().forEach((key, value) -> {
            if (key.startsWith(AMOUNT)) {
                amounts.put(key.substring(AMOUNT.length()), Long.parseLong(value));
            }
            trait(key, value, required, forbidden);
        });
        imageProperties.forEach((key, value) -> trait(key, value, required, forbidden));
        amounts.values().removeIf(amount -> amount == 0);
        return new Placement.Query(amounts, required, forbidden, List.of(), null, LIMIT);
    }

    private static void trait(String key, String value, Set<String> required, Set<String> forbidden) {
        if (key.startsWith(TRAIT)) {
            (value.equals("forbidden") ? forbidden : required).add(key.substring(TRAIT.length()));
        }
    }
}
