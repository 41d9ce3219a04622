package io.nacre.nova.metadata;

import io.nacre.base.Transactions;
import io.nacre.contracts.node.MetadataSource;
import io.nacre.contracts.peer.Networks;
import io.nacre.nova.server.Server;
import io.nacre.nova.server.ServerStore;
import io.nacre.nova.serverpassword.PasswordStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers guests. A guest is known by its network and address alone, which its node has seen; what it says of itself
 * in headers or paths counts for nothing.
 */
public final class MetadataService implements MetadataSource {
    private static final String TEXT = "text/plain; charset=UTF-8";
    private static final String JSON = "application/json";
    private static final String PASSWORD = "password";
    private static final String PASSWORD_SINCE = "2013-04-04";
    private static final int MAX_PASSWORD = 1020;
    /** Versions of the EC2 tree that the original answers for. */
    private static final List<String> EC2_VERSIONS = List.of(
            "1.0",
            "2007-01-19",
            "2007-03-01",
            "2007-08-29",
            "2007-10-10",
            "2007-12-15",
            "2008-02-01",
            "2008-09-01",
            "2009-04-04",
            "latest");

    private final Transactions transactions;
    private final ServerStore servers;
    private final Networks networks;
    private final GuestDocuments documents;
    private final PasswordStore passwords;

    public MetadataService(
            Transactions transactions,
            ServerStore servers,
            Networks networks,
            GuestDocuments documents,
            PasswordStore passwords) {
        this.transactions = transactions;
        this.servers = servers;
        this.networks = networks;
        this.documents = documents;
        this.passwords = passwords;
    }

    private record Guest(Server server, List<Networks.Port> ports) {}

    @Override
    public Answer metadata(Query query) {
        List<String> path = segments(query.path());
        boolean password = isPassword(path);
        if (!query.method().equals("GET") && !(password && query.method().equals("POST"))) {
            return plain(405, "Method Not Allowed");
        }
        Optional<Guest> guest = transactions.read(tx -> networks.serverAt(tx, query.networkId(), query.sourceAddress())
                .flatMap(id -> servers.find(tx, id))
                .map(server -> new Guest(
                        server, networks.ports(tx, List.of(server.id())).getOrDefault(server.id(), List.of()))));
        if (guest.isEmpty()) {
            return plain(404, "Not Found");
        }
        if (password) {
            String id = guest.get().server().id();
            return query.method().equals("POST")
                    ? keep(id, query.body())
                    : plain(200, transactions.read(tx -> passwords.of(tx, id)));
        }
        return answer(guest.get(), path);
    }

    /** Such as openstack/latest/password. */
    private static boolean isPassword(List<String> path) {
        return path.size() == 3
                && path.getFirst().equals("openstack")
                && path.getLast().equals(PASSWORD)
                && isKnown(path.get(1))
                && GuestDocuments.has(path.get(1), PASSWORD_SINCE);
    }

    private static boolean isKnown(String version) {
        return version.equals(GuestDocuments.LATEST) || GuestDocuments.VERSIONS.contains(version);
    }

    private Answer keep(String serverId, String password) {
        if (password.isEmpty() || password.getBytes(StandardCharsets.UTF_8).length > MAX_PASSWORD) {
            return plain(400, "Request is too large.");
        }
        boolean kept = transactions.write(tx -> passwords.put(tx, serverId, password));
        return kept ? plain(200, "") : plain(409, "Conflict");
    }

    private static List<String> segments(String path) {
        String plain = path.split("[?#]", 2)[0];
        return Arrays.stream(plain.split("/")).filter(part -> !part.isEmpty()).toList();
    }

    private Answer answer(Guest guest, List<String> path) {
        if (path.isEmpty()) {
            return plain(200, String.join("\n", EC2_VERSIONS));
        }
        return path.getFirst().equals("openstack") ? openstack(guest, path.subList(1, path.size())) : ec2(guest, path);
    }

    private Answer openstack(Guest guest, List<String> path) {
        if (path.isEmpty()) {
            List<String> versions = new ArrayList<>(GuestDocuments.VERSIONS);
            versions.add(GuestDocuments.LATEST);
            return plain(200, String.join("\n", versions));
        }
        String version = path.getFirst();
        if (!isKnown(version)) {
            return plain(404, "Not Found");
        }
        Map<String, byte[]> tree = documents.tree(guest.server(), guest.ports(), version);
        if (path.size() == 1) {
            List<String> names = new ArrayList<>(tree.keySet());
            if (GuestDocuments.has(version, PASSWORD_SINCE)) {
                names.add(PASSWORD);
            }
            return plain(200, String.join("\n", names));
        }
        byte[] content = tree.get(String.join("/", path.subList(1, path.size())));
        if (content == null) {
            return plain(404, "Not Found");
        }
        return new Answer(200, path.getLast().endsWith(".json") ? JSON : "application/octet-stream", content);
    }

    private Answer ec2(Guest guest, List<String> path) {
        byte[] userData = GuestDocuments.userData(guest.server());
        if (!EC2_VERSIONS.contains(path.getFirst())) {
            return plain(404, "Not Found");
        }
        if (path.size() == 1) {
            return plain(200, userData == null ? "meta-data/" : "meta-data/\nuser-data");
        }
        if (path.get(1).equals("user-data") && path.size() == 2) {
            return userData == null ? plain(404, "Not Found") : new Answer(200, "application/octet-stream", userData);
        }
        if (!path.get(1).equals("meta-data")) {
            return plain(404, "Not Found");
        }
        Object node = Ec2Documents.of(guest.server(), guest.ports(), documents.hostname(guest.server()));
        for (String name : path.subList(2, path.size())) {
            node = child(node, name);
        }
        return switch (node) {
            case null -> plain(404, "Not Found");
            case Map<?, ?> tree -> plain(200, listing(tree));
            default -> plain(200, node.toString());
        };
    }

    /** A key is listed as 0=name and asked for as 0. */
    private static @Nullable Object child(@Nullable Object node, String name) {
        if (!(node instanceof Map<?, ?> tree)) {
            return null;
        }
        for (Map.Entry<?, ?> entry : tree.entrySet()) {
            String key = entry.getKey().toString();
            if (key.equals(name) || key.startsWith(name + "=")) {
                return entry.getValue();
            }
        }
        return null;
    }

    private static String listing(Map<?, ?> tree) {
        List<String> names = new ArrayList<>();
        tree.forEach((name, value) -> {
            boolean folder = value instanceof Map && !name.toString().contains("=");
            names.add(folder ? name + "/" : name.toString());
        });
        return String.join("\n", names);
    }

    private static Answer plain(int status, String text) {
        return new Answer(status, TEXT, text.getBytes(StandardCharsets.UTF_8));
    }
}
