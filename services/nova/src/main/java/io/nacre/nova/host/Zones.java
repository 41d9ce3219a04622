package io.nacre.nova.host;

import io.nacre.base.Tx;
import java.util.Collection;
import java.util.Map;

/** Which availability zone a host is in; decided by the aggregates. */
@FunctionalInterface
public interface Zones {
    /** Host to zone, for each of the hosts. */
    Map<String, String> of(Tx tx, Collection<String> hosts);
}
