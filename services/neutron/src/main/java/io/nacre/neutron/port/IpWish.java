package io.nacre.neutron.port;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An address that is asked for: this one, or any of a subnet. At least one of the two is there. */
public record IpWish(@Nullable String subnetId, @Nullable String address) {

    static List<IpWish> of(List<Map<String, Object>> objects) {
        return objects.stream()
                .map(o -> new IpWish((String) o.get("subnet_id"), (String) o.get("ip_address")))
                .toList();
    }
}
