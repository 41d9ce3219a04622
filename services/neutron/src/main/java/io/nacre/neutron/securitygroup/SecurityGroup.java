package io.nacre.neutron.securitygroup;

import io.nacre.neutron.resource.Resource;
import io.nacre.neutron.resource.Standard;
import java.util.List;

/**
 * A security group.
 *
 * @param shared whether every project may use it
 * @param rules in the order in which they were made
 */
public record SecurityGroup(Standard standard, String name, boolean stateful, boolean shared, List<SecurityRule> rules)
        implements Resource {

    SecurityGroup with(boolean shared, List<SecurityRule> rules) {
        return new SecurityGroup(standard, name, stateful, shared, rules);
    }
}
