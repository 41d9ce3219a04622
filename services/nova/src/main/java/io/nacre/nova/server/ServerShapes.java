package io.nacre.nova.server;

import io.nacre.http.Handler;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.nova.Shapes;
import io.nacre.policy.PolicyRule;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Which members a request to make, change or rebuild a server may have in which version. */
final class ServerShapes {
    private static final int LATEST = Integer.MAX_VALUE;

    /** A member of a request, in the versions in which it is there. */
    private record Member(String name, int since, int until, String shape) {
        Member(String name, String shape) {
            this(name, 1, LATEST, shape);
        }

        Member(String name, int since, String shape) {
            this(name, since, LATEST, shape);
        }
    }

    private static final String IMAGE = """
            {"anyOf": [%s, {"type": "string", "maxLength": 0}]}""".formatted(Shapes.UUID);
    private static final String FLAVOR = """
            {"type": ["string", "integer"], "minLength": 1}""";
    private static final String DISK_CONFIG = """
            {"enum": ["AUTO", "MANUAL"]}""";
    private static final String HOSTNAME = """
            {"type": "string", "minLength": 2, "maxLength": 63, "pattern": "^[a-zA-Z0-9]+[a-zA-Z0-9-]*[a-zA-Z0-9]+$"}""";
    private static final String PERSONALITY = """
            {"type": "array", "items": {"type": "object", "additionalProperties": false, "properties":
              {"path": {"type": "string"}, "contents": {"type": "string"}}}}""";
    private static final String GROUPS = """
            {"type": "array", "items": {"type": "object", "additionalProperties": false,
             "properties": {"name": %s}}}""".formatted(Shapes.NAME);
    private static final String USER_DATA = """
            {"type": "string", "maxLength": 65535}""";
    private static final String TAGS = """
            {"type": "array", "maxItems": 50, "items": %s}""".formatted(Shapes.TAG);
    private static final String CERTIFICATES = """
            {"type": ["array", "null"], "minItems": 1, "maxItems": 50, "uniqueItems": true,
             "items": {"type": "string", "minLength": 1}}""";
    private static final String LEGACY_DEVICES = """
            {"type": "array", "items": {"type": "object"}}""";

    private static final List<Member> CREATE = List.of(
            new Member("name", Shapes.NAME),
            new Member("imageRef", IMAGE),
            new Member("flavorRef", FLAVOR),
            new Member("adminPass", "{\"type\": \"string\"}"),
            new Member("metadata", Shapes.METADATA),
            new Member("networks", 1, 31, networks(false, false)),
            new Member("networks", 32, 36, networks(false, true)),
            new Member("networks", 37, 41, networks(true, false)),
            new Member("networks", 42, networks(true, true)),
            new Member("OS-DCF:diskConfig", DISK_CONFIG),
            new Member("accessIPv4", Shapes.IP_V4),
            new Member("accessIPv6", Shapes.IP_V6),
            new Member("personality", 1, 56, PERSONALITY),
            new Member("availability_zone", Shapes.NAME),
            new Member("block_device_mapping", LEGACY_DEVICES),
            new Member("block_device_mapping_v2", 1, 31, devices(false, false)),
            new Member("block_device_mapping_v2", 32, 32, devices(true, false)),
            new Member("block_device_mapping_v2", 33, 41, devices(false, false)),
            new Member("block_device_mapping_v2", 42, 66, devices(true, false)),
            new Member("block_device_mapping_v2", 67, devices(true, true)),
            new Member("config_drive", Shapes.BOOLEAN),
            new Member("key_name", Shapes.NAME),
            new Member("min_count", Shapes.POSITIVE),
            new Member("max_count", Shapes.POSITIVE),
            new Member("return_reservation_id", Shapes.BOOLEAN),
            new Member("security_groups", GROUPS),
            new Member("user_data", USER_DATA),
            new Member("description", 19, Shapes.DESCRIPTION),
            new Member("tags", 52, TAGS),
            new Member("trusted_image_certificates", 63, CERTIFICATES),
            new Member("host", 74, Shapes.FQDN),
            new Member("hypervisor_hostname", 74, Shapes.FQDN),
            new Member("hostname", 90, 93, HOSTNAME),
            new Member("hostname", 94, Shapes.FQDN));

    private static final List<Member> UPDATE = List.of(
            new Member("name", Shapes.NAME),
            new Member("OS-DCF:diskConfig", DISK_CONFIG),
            new Member("accessIPv4", Shapes.IP_V4),
            new Member("accessIPv6", Shapes.IP_V6),
            new Member("description", 19, Shapes.DESCRIPTION),
            new Member("hostname", 90, 93, HOSTNAME),
            new Member("hostname", 94, Shapes.FQDN));

    private static final String HINTS = """
            {"type": "object", "properties": {
              "group": {"anyOf": [%1$s, {"type": "array", "items": %1$s}]},
              "different_host": {"anyOf": [%1$s, {"type": "array", "items": %1$s}]},
              "same_host": {"anyOf": [%1$s, {"type": "array", "items": %1$s}]},
              "query": {"type": ["string", "object"]},
              "build_near_host_ip": %2$s,
              "cidr": {"type": "string", "pattern": "^/[0-9a-f.:]+$"}}}""".formatted(Shapes.UUID, Shapes.IP);

    private ServerShapes() {}

    /** POST /servers, one route for each range of versions in which the request looks the same. */
    static List<Route> create(String path, PolicyRule rule, Handler handler) {
        return versioned(() -> Route.post(path).policy(rule), CREATE, handler, (members, since) ->
                """
                {"type": "object", "required": ["server"], "additionalProperties": false, "properties": {
                  "os:scheduler_hints": %1$s, "OS-SCH-HNT:scheduler_hints": %1$s,
                  "server": {"type": "object", "additionalProperties": false, "required": ["name", "flavorRef"%2$s],
                    "properties": {%3$s}}}}""".formatted(HINTS, since >= 37 ? ", \"networks\"" : "", members));
    }

    static List<Route> update(String path, PolicyRule rule, Handler handler) {
        return versioned(
                () -> Route.put(path).policy(rule),
                UPDATE,
                handler,
                (members, since) -> Shapes.envelope("server", "", members));
    }

    private interface Envelope {
        String of(String members, int since);
    }

    private static List<Route> versioned(
            Supplier<Route.Builder> route, List<Member> members, Handler handler, Envelope envelope) {
        TreeSet<Integer> starts = new TreeSet<>();
        members.forEach(member -> {
            starts.add(member.since());
            if (member.until() != LATEST) {
                starts.add(member.until() + 1);
            }
        });
        List<Route> routes = new ArrayList<>();
        for (int since : starts) {
            Integer next = starts.higher(since);
            String shapes = members.stream()
                    .filter(member -> member.since() <= since && since <= member.until())
                    .map(member -> Shapes.member(member.name(), member.shape()))
                    .collect(Collectors.joining(", "));
            routes.add(route.get()
                    .since(since == 1 ? 0 : since)
                    .until(next == null ? LATEST : next - 1)
                    .body(Schema.of(envelope.of(shapes, since)))
                    .to(handler));
        }
        return routes;
    }

    private static String networks(boolean words, boolean tag) {
        String list = """
                {"type": "array", "items": {"type": "object", "additionalProperties": false, "properties": {
                  "fixed_ip": %s, "port": {"anyOf": [%s, {"type": "null"}]}, "uuid": %s%s}}}""".formatted(
                        Shapes.IP,
                        Shapes.UUID,
                        words ? Shapes.UUID : "{\"type\": \"string\"}",
                        tag ? ", \"tag\": " + Shapes.TAG : "");
        return words ? "{\"anyOf\": [{\"enum\": [\"none\", \"auto\"]}, " + list + "]}" : list;
    }

    private static String devices(boolean tag, boolean volumeType) {
        return """
                {"type": "array", "items": {"type": "object", "additionalProperties": false, "properties": {
                  "virtual_name": {"type": "string", "maxLength": 255}, "volume_id": %1$s, "snapshot_id": %1$s,
                  "image_id": %1$s, "volume_size": %2$s, "delete_on_termination": %3$s, "no_device": {},
                  "device_name": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[a-zA-Z0-9._/-]*$"},
                  "connection_info": {"type": "string"}, "source_type": {"enum": ["volume", "image", "snapshot", "blank"]},
                  "uuid": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[a-zA-Z0-9._-]*$"},
                  "destination_type": {"enum": ["local", "volume"]}, "guest_format": {"type": "string", "maxLength": 255},
                  "device_type": {"type": "string", "maxLength": 255}, "disk_bus": {"type": "string", "maxLength": 255},
                  "boot_index": {"type": ["integer", "string", "null"], "pattern": "^-?[0-9]+$"}%4$s%5$s}}}""".formatted(
                        Shapes.UUID,
                        Shapes.POSITIVE,
                        Shapes.BOOLEAN,
                        tag ? ", \"tag\": " + Shapes.TAG : "",
                        volumeType ? ", \"volume_type\": {\"type\": [\"string\", \"null\"], \"maxLength\": 255}" : "");
    }
}
