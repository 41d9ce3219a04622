package io.nacre.launcher.demo;

import io.nacre.base.Fault;
import io.nacre.base.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A small client of the public API: one login, then requests by service type. */
final class Client implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Map<String, String> endpoints = new HashMap<>();
    private String token = "";

    /** Logs in with a password, scoped to a project of the default domain. */
    static Client login(String authUrl, String user, String password, String project) {
        Client client = new Client();
        Map<String, Object> domain = Map.of("id", "default");
        Map<String, Object> body = Map.of(
                "auth",
                Map.of(
                        "identity",
                        Map.of(
                                "methods",
                                new String[] {"password"},
                                "password",
                                Map.of("user", Map.of("name", user, "password", password, "domain", domain))),
                        "scope",
                        Map.of("project", Map.of("name", project, "domain", domain))));
        HttpResponse<byte[]> answer = client.exchange(
                "POST", authUrl + "/auth/tokens", BodyPublishers.ofByteArray(Json.bytes(body)), "application/json");
        client.token = answer.headers().firstValue("X-Subject-Token").orElseThrow();
        for (JsonNode service : json(answer).get("token").get("catalog")) {
            for (JsonNode endpoint : service.get("endpoints")) {
                if (endpoint.get("interface").asString().equals("public")) {
                    client.endpoints.put(
                            service.get("type").asString(), endpoint.get("url").asString());
                }
            }
        }
        return client;
    }

    JsonNode get(String service, String path) {
        return json(exchange("GET", url(service, path), BodyPublishers.noBody(), null));
    }

    JsonNode post(String service, String path, Object body) {
        return json(
                exchange("POST", url(service, path), BodyPublishers.ofByteArray(Json.bytes(body)), "application/json"));
    }

    void upload(String service, String path, Path file) throws IOException {
        exchange("PUT", url(service, path), BodyPublishers.ofFile(file), "application/octet-stream");
    }

    void delete(String service, String path) {
        exchange("DELETE", url(service, path), BodyPublishers.noBody(), null);
    }

    private String url(String service, String path) {
        String endpoint = endpoints.get(service);
        if (endpoint == null) {
            throw Fault.notFound("The catalog has no " + service + " service.");
        }
        return endpoint + path;
    }

    private HttpResponse<byte[]> exchange(String method, String url, BodyPublisher body, @Nullable String type) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT).method(method, body);
        if (!token.isEmpty()) {
            request.header("X-Auth-Token", token);
        }
        if (type != null) {
            request.header("Content-Type", type);
        }
        try {
            HttpResponse<byte[]> answer = http.send(request.build(), BodyHandlers.ofByteArray());
            if (answer.statusCode() >= 300) {
                throw Fault.internal(method + " " + url + " answered " + answer.statusCode() + ": "
                        + new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8));
            }
            return answer;
        } catch (IOException e) {
            throw Fault.unavailable(method + " " + url + " failed: " + e.getMessage())
                    .because(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.unavailable("Interrupted.").because(e);
        }
    }

    private static JsonNode json(HttpResponse<byte[]> answer) {
        return answer.body().length == 0 ? Json.object() : Json.parse(new ByteArrayInputStream(answer.body()));
    }

    @Override
    public void close() {
        http.close();
    }
}
