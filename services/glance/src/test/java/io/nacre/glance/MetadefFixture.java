package io.nacre.glance;

import io.nacre.base.Json;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A server without definitions, for the tests of metadata definitions. */
abstract class MetadefFixture {
    static final String ADMIN = "admin@ops";
    static final String ME = "reader@mine";
    static final String ALL = "/v2/metadefs/namespaces";

    @TempDir
    Path folder;

    GlanceServer glance;

    @BeforeEach
    void start() {
        glance = new GlanceServer(folder, UnaryOperator.identity());
    }

    @AfterEach
    void stop() {
        glance.close();
    }

    static JsonNode tree(String json) {
        return Json.read(json, JsonNode.class);
    }

    JsonNode made(HttpResponse<String> response) {
        return glance.json(201, response);
    }

    /** What a reader of project mine sees there. */
    JsonNode get(String path) throws Exception {
        return glance.json(200, glance.get(ME, path));
    }

    JsonNode createNamespace(String body) throws Exception {
        return made(glance.post(ADMIN, ALL, body));
    }
}
