package io.nacre.nova.securitygroup;

import io.nacre.contracts.peer.SecurityGroups.Group;
import io.nacre.contracts.peer.SecurityGroups.GroupName;
import io.nacre.contracts.peer.SecurityGroups.Rule;
import io.nacre.http.View;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How the Compute API shows a security group and a rule of it. */
final class GroupView {
    private static final String ANYWHERE = "0.0.0.0/0";
    private static final Set<String> WITH_PORTS = Set.of("TCP", "UDP");

    static final View<Rule> RULE = new View<Rule>()
            .field("id", Rule::id)
            .field("parent_group_id", Rule::groupId)
            .field("ip_protocol", Rule::protocol)
            .field("from_port", rule -> port(rule, rule.fromPort(), 1))
            .field("to_port", rule -> port(rule, rule.toPort(), 65535))
            .field("group", GroupView::group)
            .field("ip_range", rule -> rule.remoteGroup() != null ? Map.of() : Map.of("cidr", cidr(rule)));

    static final View<Group> GROUP = new View<Group>()
            .field("id", Group::id)
            .field("name", Group::name)
            .field("description", Group::description)
            .field("tenant_id", Group::projectId)
            .field("rules", group -> RULE.showAll(group.rules(), 0));

    private static final Comparator<Group> ORDER =
            Comparator.comparing(Group::projectId).thenComparing(Group::name).thenComparing(Group::id);

    private GroupView() {}

    static List<Map<String, @Nullable Object>> all(List<Group> groups) {
        return GROUP.showAll(groups.stream().sorted(ORDER).toList(), 0);
    }

    static String cidr(Rule rule) {
        return rule.cidr() == null ? ANYWHERE : rule.cidr();
    }

    /** A protocol without ports stands for all of them; -1 where it has none. */
    static @Nullable Integer port(Rule rule, @Nullable Integer given, int bound) {
        String protocol = rule.protocol();
        if (protocol == null || rule.fromPort() != null || rule.toPort() != null) {
            return given;
        }
        return WITH_PORTS.contains(protocol.toUpperCase(Locale.ROOT)) ? bound : -1;
    }

    private static Map<String, String> group(Rule rule) {
        GroupName remote = rule.remoteGroup();
        return remote == null ? Map.of() : Map.of("name", remote.name(), "tenant_id", remote.projectId());
    }
}
