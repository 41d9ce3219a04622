package io.nacre.nova.server;

import io.nacre.base.Fault;
import io.nacre.base.Json;
import io.nacre.contracts.peer.Networks;
import io.nacre.nova.Wire;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a request to make servers comes to, whatever version it was written in.
 *
 * @param imageId null when none was named
 * @param interfaces null when neutron shall choose
 * @param insistOnNetwork whether neutron must find one to choose ({@code auto})
 * @param securityGroups empty for the project's default
 * @param zone may name a host too, as zone:host:node
 */
record NewServer(
        String name,
        @Nullable String description,
        @Nullable String hostname,
        @Nullable String imageId,
        String flavorId,
        String adminPass,
        Map<String, String> metadata,
        @Nullable List<Networks.Wish> interfaces,
        boolean insistOnNetwork,
        List<String> securityGroups,
        @Nullable String keyName,
        @Nullable String userData,
        boolean configDrive,
        boolean autoDiskConfig,
        @Nullable String accessIpV4,
        @Nullable String accessIpV6,
        @Nullable String zone,
        @Nullable String host,
        @Nullable String node,
        Map<String, Object> hints,
        int least,
        int most,
        boolean tellReservation,
        List<String> tags) {
    private static final Pattern UUID = Pattern.compile("[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}");
    private static final int DESCRIPTION_SINCE = 19;

    static NewServer of(JsonNode body, int minor, String generatedPass) {
        JsonNode server = body.get("server");
        if (server.has("personality") && !server.get("personality").isEmpty()) {
            throw Fault.invalid("Personality files cannot be injected into servers; use user_data or a config drive.");
        }
        String name = server.get("name").asString().strip();
        int least = Wire.number(server, "min_count", 1);
        int most = Wire.number(server, "max_count", least);
        if (least > most) {
            throw Fault.invalid("min_count must be <= max_count");
        }
        String hostname = Wire.text(server, "hostname");
        if (hostname != null && most > 1) {
            throw Fault.invalid("Unable to allocate a single hostname to multiple instances");
        }
        JsonNode networks = server.get("networks");
        List<Networks.Wish> interfaces = interfaces(networks);
        requireSingle(interfaces, most);
        return new NewServer(
                name,
                minor < DESCRIPTION_SINCE ? name : Wire.text(server, "description"),
                hostname,
                image(server),
                server.get("flavorRef").asString(),
                server.has("adminPass") ? server.get("adminPass").asString() : generatedPass,
                strings(server.get("metadata")),
                interfaces,
                networks != null && networks.isString() && networks.asString().equals("auto"),
                groups(server),
                Wire.text(server, "key_name"),
                userData(server),
                Wire.isTrue(server.get("config_drive")),
                !"MANUAL".equals(Wire.text(server, "OS-DCF:diskConfig")),
                Wire.address(Wire.text(server, "accessIPv4")),
                Wire.address(Wire.text(server, "accessIPv6")),
                Wire.text(server, "availability_zone"),
                Wire.text(server, "host"),
                Wire.text(server, "hypervisor_hostname"),
                hints(body),
                least,
                most,
                Wire.isTrue(server.get("return_reservation_id")),
                tags(server));
    }

    private static @Nullable String emptyToNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    /** The image of the request itself or of a root disk made from an image; volumes are for later. */
    private static @Nullable String image(JsonNode server) {
        String image = emptyToNull(Wire.text(server, "imageRef"));
        if (server.has("block_device_mapping")
                && !server.get("block_device_mapping").isEmpty()) {
            throw Fault.invalid("Block Device Mapping is Invalid: this cloud has no volumes to boot from.");
        }
        JsonNode devices = server.get("block_device_mapping_v2");
        if (devices == null) {
            return image;
        }
        for (JsonNode device : devices) {
            String source = Wire.text(device, "source_type");
            boolean local = !"volume".equals(Wire.text(device, "destination_type"));
            boolean root = "0".equals(device.path("boot_index").asString(""));
            if (!"image".equals(source) || !local || !root) {
                throw Fault.invalid(
                        "Block Device Mapping is Invalid: this cloud has no volumes, only a root disk that is"
                                + " made from an image on the host.");
            }
            String uuid = Wire.text(device, "uuid");
            if (image != null && uuid != null && !image.equals(uuid)) {
                throw Fault.invalid(
                        "Block Device Mapping is Invalid: the root disk's image is not the one of imageRef.");
            }
            image = uuid;
        }
        return image;
    }

    private static @Nullable List<Networks.Wish> interfaces(@Nullable JsonNode networks) {
        if (networks == null || (networks.isString() && networks.asString().equals("auto"))) {
            return null;
        }
        if (networks.isString()) {
            return List.of();
        }
        List<Networks.Wish> wishes = new ArrayList<>();
        Set<String> ports = new HashSet<>();
        for (JsonNode one : networks) {
            String port = Wire.text(one, "port");
            String address = Wire.text(one, "fixed_ip");
            String network = Wire.text(one, "uuid");
            if (port != null) {
                if (!ports.add(port)) {
                    throw Fault.invalid(
                            "Port ID '" + port + "' was specified twice: you cannot attach a port multiple times.");
                }
                if (address != null) {
                    throw Fault.invalid("Specified Fixed IP '" + address + "' cannot be used with port '" + port
                            + "': the two cannot be specified together.");
                }
                wishes.add(new Networks.Wish(null, port, null, Wire.text(one, "tag")));
            } else if (network == null) {
                throw Fault.invalid("Bad network format: missing 'uuid'");
            } else if (!UUID.matcher(network).matches()) {
                throw Fault.invalid("Bad networks format: network uuid is not in proper format (" + network + ")");
            } else {
                wishes.add(new Networks.Wish(network, null, address, Wire.text(one, "tag")));
            }
        }
        // An empty list has always meant the same as none.
        return wishes.isEmpty() ? null : wishes;
    }

    private static void requireSingle(@Nullable List<Networks.Wish> interfaces, int most) {
        if (interfaces == null || most == 1) {
            return;
        }
        if (interfaces.stream().anyMatch(wish -> wish.portId() != null)) {
            throw Fault.invalid(
                    "Unable to launch multiple instances with a single configured port ID. Please launch your"
                            + " instance one by one with different ports.");
        }
        if (interfaces.stream().anyMatch(wish -> wish.fixedAddress() != null)) {
            throw Fault.invalid("max_count cannot be greater than 1 if an fixed_ip is specified.");
        }
    }

    private static List<String> groups(JsonNode server) {
        Set<String> names = new LinkedHashSet<>();
        for (JsonNode group : server.path("security_groups")) {
            String name = Wire.text(group, "name");
            if (name != null) {
                names.add(name);
            }
        }
        return List.copyOf(names);
    }

    static @Nullable String userData(JsonNode server) {
        String text = Wire.text(server, "user_data");
        if (text != null) {
            try {
                Base64.getMimeDecoder().decode(text);
                if (!text.matches("[A-Za-z0-9+/=\\s]*")) {
                    throw new IllegalArgumentException("not of the alphabet");
                }
            } catch (IllegalArgumentException e) {
                throw Fault.invalid(
                                "Invalid input for field/attribute user_data. Value: ... User data needs to be valid"
                                        + " base 64.")
                        .because(e);
            }
        }
        return text;
    }

    private static List<String> tags(JsonNode server) {
        Set<String> tags = new LinkedHashSet<>();
        server.path("tags").forEach(tag -> tags.add(tag.asString()));
        return List.copyOf(tags);
    }

    private static Map<String, Object> hints(JsonNode body) {
        JsonNode hints = body.has("os:scheduler_hints")
                ? body.get("os:scheduler_hints")
                : body.get("OS-SCH-HNT:scheduler_hints");
        return hints == null ? Map.of() : Json.map(hints);
    }

    static Map<String, String> strings(@Nullable JsonNode object) {
        Map<String, String> strings = new LinkedHashMap<>();
        if (object != null) {
            object.properties()
                    .forEach(member ->
                            strings.put(member.getKey(), member.getValue().asString()));
        }
        return strings;
    }
}
