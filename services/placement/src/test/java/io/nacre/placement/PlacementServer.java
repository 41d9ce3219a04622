package io.nacre.placement;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Ids;
import io.nacre.base.Json;
import io.nacre.base.Transactions;
import io.nacre.http.HttpConfig;
import io.nacre.http.HttpServer;
import io.nacre.policy.Overrides;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A placement of its own on a free port of the loopback interface. A token is {@code role@project}. Bodies are written
 * with single quotes; a version is the number after {@code 1.}.
 */
final class PlacementServer implements AutoCloseable {
    static final int LATEST = 39;
    static final String ADMIN = "admin@ops";

    final Placement placement;
    final String url;
    private final HttpServer http;
    private final HttpClient client = HttpClient.newHttpClient();

    /** What came back. */
    record Answer(int status, JsonNode json, HttpResponse<String> response) {
        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        String code() {
            return json.at("/errors/0/code").asString();
        }

        String text(String pointer) {
            return json.at(pointer).asString();
        }

        long number(String pointer) {
            return json.at(pointer).asLong();
        }

        /** The texts of a list. */
        List<String> list(String pointer) {
            List<String> found = new ArrayList<>();
            json.at(pointer).forEach(one -> found.add(one.asString()));
            return found;
        }

        /** One text of each member of a list. */
        List<String> each(String pointer, String attribute) {
            List<String> found = new ArrayList<>();
            json.at(pointer).forEach(one -> found.add(one.get(attribute).asString()));
            return found;
        }

        Set<String> keys(String pointer) {
            return Set.copyOf(json.at(pointer).propertyNames());
        }
    }

    PlacementServer(Transactions transactions, InstantSource clock) {
        Ids ids = Ids.secure();
        placement = new Placement(transactions, ids, clock);
        http = new HttpServer(HttpConfig.defaults(), ids, clock);
        http.serve(placement.service(Overrides.NONE), PlacementServer::authenticate, "127.0.0.1", 0);
        http.start();
        url = "http://127.0.0.1:" + http.port("placement");
    }

    private static Caller authenticate(Caller.Claim claim) {
        String[] parts = claim.token().split("@", 2);
        Set<String> roles = switch (parts[0]) {
            case "admin" -> Set.of("admin", "manager", "member", "reader");
            case "service" -> Set.of("service");
            case "member" -> Set.of("member", "reader");
            case "reader" -> Set.of("reader");
            default -> throw Fault.unauthenticated("The request you have made requires authentication.");
        };
        Caller.Person user = new Caller.Person("u-" + parts[1], "user", "default", "Default");
        Caller.Person project = new Caller.Person(parts[1], parts[1], "default", "Default");
        return new Caller(
                claim.requestId(), claim.globalRequestId(), user, new Caller.Scope(project, null, false), roles, null);
    }

    Answer send(String token, String method, String path, Map<String, String> headers, @Nullable String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .method(
                        method,
                        body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.replace('\'', '"')));
        headers.forEach(request::header);
        if (!token.isEmpty()) {
            request.header("X-Auth-Token", token);
        }
        if (body != null && !headers.containsKey("Content-Type")) {
            request.header("Content-Type", "application/json");
        }
        try {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            JsonNode json = response.body().startsWith("{") ? Json.MAPPER.readTree(response.body()) : Json.object();
            return new Answer(response.statusCode(), json, response);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    Answer ask(String token, int minor, String method, String path, @Nullable String body) {
        return send(token, method, path, Map.of("OpenStack-API-Version", "placement 1." + minor), body);
    }

    Answer get(String path, int minor) {
        return ask(ADMIN, minor, "GET", path, null);
    }

    Answer get(String path) {
        return get(path, LATEST);
    }

    Answer put(String path, int minor, String body) {
        return ask(ADMIN, minor, "PUT", path, body);
    }

    Answer put(String path, String body) {
        return put(path, LATEST, body);
    }

    Answer post(String path, int minor, String body) {
        return ask(ADMIN, minor, "POST", path, body);
    }

    Answer post(String path, String body) {
        return post(path, LATEST, body);
    }

    Answer delete(String path) {
        return ask(ADMIN, LATEST, "DELETE", path, null);
    }

    /** A readable identifier: the same number, the same identifier. */
    static String uuid(int number) {
        return "%08d-0000-4000-8000-000000000000".formatted(number);
    }

    static String path(int provider) {
        return "/resource_providers/" + uuid(provider);
    }

    private static Answer require(Answer answer) {
        if (answer.status() >= 300) {
            throw new AssertionError(answer.status() + " " + answer.response().body());
        }
        return answer;
    }

    /** A provider that is there when this returns. */
    void provider(int number, @Nullable Integer parent) {
        String below = parent == null ? "" : ", 'parent_provider_uuid': '" + uuid(parent) + "'";
        require(post(
                "/resource_providers", "{'name': 'p" + number + "', 'uuid': '" + uuid(number) + "'" + below + "}"));
    }

    /** Gives a provider these inventories: words such as {@code VCPU:8}, of which all may be given to one consumer. */
    void inventory(int provider, String... words) {
        List<String> inventories = new ArrayList<>();
        for (String word : words) {
            int colon = word.indexOf(':');
            inventories.add("'" + word.substring(0, colon) + "': {'total': " + word.substring(colon + 1) + "}");
        }
        require(put(
                path(provider) + "/inventories",
                "{'resource_provider_generation': " + generation(provider) + ", 'inventories': {"
                        + String.join(", ", inventories) + "}}"));
    }

    void traits(int provider, String... names) {
        for (String name : names) {
            if (name.startsWith("CUSTOM_")) {
                require(ask(ADMIN, LATEST, "PUT", "/traits/" + name, null));
            }
        }
        require(put(
                path(provider) + "/traits",
                "{'resource_provider_generation': " + generation(provider) + ", 'traits': [" + quoted(List.of(names))
                        + "]}"));
    }

    void aggregates(int provider, int... numbers) {
        List<String> ids = new ArrayList<>();
        for (int number : numbers) {
            ids.add(uuid(number));
        }
        require(put(
                path(provider) + "/aggregates",
                "{'resource_provider_generation': " + generation(provider) + ", 'aggregates': [" + quoted(ids) + "]}"));
    }

    private static String quoted(List<String> words) {
        return words.isEmpty() ? "" : "'" + String.join("', '", words) + "'";
    }

    long generation(int provider) {
        return get(path(provider)).number("/generation");
    }

    /** The body of a claim as 1.38 has it, from one provider: words such as {@code 'VCPU': 2}. */
    static String claim(int provider, String amounts, @Nullable Integer generation) {
        return "{'allocations': {'" + uuid(provider) + "': {'resources': {" + amounts + "}}}, 'project_id': 'blue',"
                + " 'user_id': 'ann', 'consumer_generation': " + generation + ", 'consumer_type': 'INSTANCE'}";
    }

    @Override
    public void close() {
        // First: a server that stops waits a second for connections that are open still.
        client.close();
        http.close();
    }
}
