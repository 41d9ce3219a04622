package io.nacre.nova.metadata;

import io.nacre.base.Json;
import io.nacre.contracts.peer.Networks;
import io.nacre.nova.server.Server;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Writes the documents of the OpenStack tree. */
public final class GuestDocuments {
    /** Versions of the OpenStack tree, the oldest first; {@code latest} is the last of them. */
    static final List<String> VERSIONS = List.of(
            "2012-08-10",
            "2013-04-04",
            "2013-10-17",
            "2015-10-15",
            "2016-06-30",
            "2016-10-06",
            "2017-02-22",
            "2018-08-27",
            "2020-10-14");

    static final String LATEST = "latest";
    private static final String SEED_SINCE = "2013-04-04";
    private static final String VENDOR_SINCE = "2013-10-17";
    private static final String PROJECT_SINCE = "2015-10-15";
    private static final String NETWORK_SINCE = "2015-10-15";
    private static final String DEVICES_SINCE = "2016-06-30";
    private static final String VENDOR2_SINCE = "2016-10-06";
    private static final String DEDICATED_SINCE = "2020-10-14";
    private static final int SEED_BYTES = 512;

    private final RandomGenerator random;
    private final String domain;

    /** @param domain appended to host names with a dot; empty for none */
    public GuestDocuments(RandomGenerator random, String domain) {
        this.random = random;
        this.domain = domain;
    }

    /** The files of a config drive: path without a leading slash to content. */
    public Map<String, byte[]> files(Server server, List<Networks.Port> ports) {
        Map<String, byte[]> files = new TreeMap<>();
        for (String version : VERSIONS) {
            tree(server, ports, version)
                    .forEach((name, content) -> files.put("openstack/" + version + "/" + name, content));
        }
        tree(server, ports, LATEST).forEach((name, content) -> files.put("openstack/latest/" + name, content));
        byte[] ec2 = Json.bytes(Ec2Documents.of(server, ports, hostname(server)));
        byte[] userData = userData(server);
        for (String version : List.of("2009-04-04", LATEST)) {
            files.put("ec2/" + version + "/meta-data.json", ec2);
            if (userData != null) {
                files.put("ec2/" + version + "/user-data", userData);
            }
        }
        return files;
    }

    /** The documents of one version by their names. */
    Map<String, byte[]> tree(Server server, List<Networks.Port> ports, String version) {
        Map<String, byte[]> tree = new TreeMap<>();
        tree.put("meta_data.json", Json.bytes(metaData(server, version)));
        byte[] userData = userData(server);
        if (userData != null) {
            tree.put("user_data", userData);
        }
        if (has(version, VENDOR_SINCE)) {
            tree.put("vendor_data.json", bytes("{}"));
        }
        if (has(version, NETWORK_SINCE)) {
            tree.put("network_data.json", Json.bytes(NetworkDocument.of(ports)));
        }
        if (has(version, VENDOR2_SINCE)) {
            tree.put("vendor_data2.json", bytes("{}"));
        }
        return tree;
    }

    String hostname(Server server) {
        return domain.isEmpty() || server.hostname().contains(".")
                ? server.hostname()
                : server.hostname() + "." + domain;
    }

    static byte @Nullable [] userData(Server server) {
        String text = server.login().userData();
        return text == null ? null : Base64.getMimeDecoder().decode(text);
    }

    private Map<String, Object> metaData(Server server, String version) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("uuid", server.id());
        if (!server.metadata().isEmpty()) {
            data.put("meta", server.metadata());
        }
        String keyName = server.login().keyName();
        String publicKey = server.login().publicKey();
        if (keyName != null && publicKey != null) {
            data.put("public_keys", Map.of(keyName, publicKey));
            data.put("keys", List.of(Map.of("name", keyName, "type", "ssh", "data", publicKey)));
        }
        data.put("hostname", hostname(server));
        data.put("name", server.name());
        data.put("launch_index", server.launchIndex());
        data.put(
                "availability_zone",
                server.place() == null ? "" : server.place().zone());
        if (has(version, SEED_SINCE)) {
            byte[] seed = new byte[SEED_BYTES];
            random.nextBytes(seed);
            data.put("random_seed", Base64.getEncoder().encodeToString(seed));
        }
        if (has(version, PROJECT_SINCE)) {
            data.put("project_id", server.projectId());
        }
        if (has(version, DEVICES_SINCE)) {
            data.put("devices", List.of());
        }
        if (has(version, DEDICATED_SINCE)) {
            data.put("dedicated_cpus", List.of());
        }
        return data;
    }

    static boolean has(String version, String since) {
        return version.equals(LATEST) || version.compareTo(since) >= 0;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
