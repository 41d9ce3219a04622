package io.nacre.keystone.credential;

import io.nacre.keystone.auth.Authorizations;
import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a service was sent by a client of EC2 or S3, as the service tells it. Whatever a signature needs and is not there
 * makes it a wrong one.
 */
record SignedRequest(JsonNode sent) {
    @Nullable
    String find(String name) {
        return text(sent, name);
    }

    String text(String name) {
        return required(find(name));
    }

    @Nullable
    String parameter(String name) {
        JsonNode parameters = sent.get("params");
        return parameters == null ? null : text(parameters, name);
    }

    @Nullable
    String header(String name) {
        JsonNode headers = sent.get("headers");
        return headers == null ? null : text(headers, name);
    }

    /** The parameters in the order of their names. */
    TreeMap<String, String> parameters() {
        return members("params");
    }

    TreeMap<String, String> headers() {
        return members("headers");
    }

    private TreeMap<String, String> members(String name) {
        TreeMap<String, String> members = new TreeMap<>();
        JsonNode node = sent.get(name);
        if (node != null) {
            node.properties()
                    .forEach(entry ->
                            members.put(entry.getKey(), entry.getValue().asString()));
        }
        return members;
    }

    private static @Nullable String text(JsonNode node, String name) {
        JsonNode value = node.get(name);
        return value == null || value.isNull() ? null : value.asString();
    }

    static String required(@Nullable String value) {
        if (value == null) {
            throw Authorizations.denied();
        }
        return value;
    }

    /** A request that was signed longer ago than this is refused; one that does not tell when is not. */
    void requireRecent(Duration lifetime, Instant now) {
        String stamp = parameter("Timestamp");
        if (stamp == null) {
            stamp = header("X-Amz-Date");
        }
        if (stamp == null) {
            stamp = parameter("X-Amz-Date");
        }
        if (stamp != null && now.isAfter(Timestamp.parse(stamp).plus(lifetime))) {
            throw Authorizations.denied();
        }
    }
}
