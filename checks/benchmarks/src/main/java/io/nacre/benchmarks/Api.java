package io.nacre.benchmarks;

import io.nacre.base.Json;
import java.io.ByteArrayInputStream;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A client of one cloud: a token, and a connection to each service. One thread at a time. */
final class Api implements AutoCloseable {
    enum Port {
        IDENTITY(5000),
        IMAGE(9292),
        PLACEMENT(8778),
        COMPUTE(8774),
        NETWORK(9696);

        private final int standard;

        Port(int standard) {
            this.standard = standard;
        }

        int at(int offset) {
            return standard + offset;
        }
    }

    private static final Map<String, Object> DOMAIN = Map.of("id", "default");

    private final int offset;
    private final String token;
    private final Map<Port, Wire> wires = new EnumMap<>(Port.class);

    Api(int offset, String token) {
        this.offset = offset;
        this.token = token;
    }

    /** The body of a login as the administrator. */
    static Object password(String password) {
        Map<String, Object> user = Map.of("name", "admin", "password", password, "domain", DOMAIN);
        return scoped(Map.of("methods", List.of("password"), "password", Map.of("user", user)));
    }

    /** The body of a login for the administrator's project. */
    static Object scoped(Map<String, ?> identity) {
        Object scope = Map.of("project", Map.of("name", "admin", "domain", DOMAIN));
        return Map.of("auth", Map.of("identity", identity, "scope", scope));
    }

    /** Logs in as the administrator. */
    static Api login(int offset, String password) {
        try (Wire wire = new Wire(Port.IDENTITY.at(offset))) {
            int status = wire.exchange(Wire.request(
                    "POST",
                    "/v3/auth/tokens",
                    Map.of("Content-Type", "application/json"),
                    Json.bytes(password(password))));
            String token = wire.head()
                    .lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("x-subject-token:"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no login: " + status + " " + wire.text()));
            return new Api(offset, token);
        }
    }

    /** The same caller over connections of its own, for another thread. */
    Api another() {
        return new Api(offset, token);
    }

    String token() {
        return token;
    }

    /** Who asks, and whatever else a request is to say of itself. */
    Map<String, String> headers(Map<String, String> more) {
        Map<String, String> headers = new LinkedHashMap<>(Map.of("X-Auth-Token", token));
        headers.putAll(more);
        return headers;
    }

    JsonNode get(Port port, String path) {
        return ask(port, "GET", path, null, "application/json");
    }

    JsonNode post(Port port, String path, Object body) {
        return ask(port, "POST", path, Json.bytes(body), "application/json");
    }

    JsonNode put(Port port, String path, Object body) {
        return ask(port, "PUT", path, Json.bytes(body), "application/json");
    }

    void upload(String path, byte[] data) {
        ask(Port.IMAGE, "PUT", path, data, "application/octet-stream");
    }

    void download(String path) {
        Wire wire = wires.computeIfAbsent(Port.IMAGE, one -> new Wire(one.at(offset)));
        int status = wire.exchange(Wire.request("GET", path, headers(Map.of()), null));
        if (status != 200) {
            throw new IllegalStateException("GET " + path + " answered " + status);
        }
    }

    void delete(Port port, String path) {
        ask(port, "DELETE", path, null, "application/json");
    }

    private JsonNode ask(Port port, String method, String path, byte @Nullable [] body, String type) {
        Wire wire = wires.computeIfAbsent(port, one -> new Wire(one.at(offset)));
        Map<String, String> headers = headers(body == null ? Map.of() : Map.of("Content-Type", type));
        int status = wire.exchange(Wire.request(method, path, headers, body));
        if (status >= 300) {
            throw new IllegalStateException(method + " " + path + " answered " + status + " " + wire.text());
        }
        return wire.length() == 0 ? Json.object() : Json.parse(new ByteArrayInputStream(wire.body()));
    }

    /** Over connections of its own anew, for who has not asked anything in a long time. */
    void reconnect() {
        close();
        wires.clear();
    }

    @Override
    public void close() {
        wires.values().forEach(Wire::close);
    }
}
