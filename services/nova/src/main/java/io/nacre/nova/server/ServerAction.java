package io.nacre.nova.server;

import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Schema;
import io.nacre.policy.PolicyRule;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One line of the table of actions: what a body's only member may be called, by whom and in which versions.
 *
 * @param body the shape of the whole body; null for anything
 */
public record ServerAction(
        String name,
        PolicyRule policy,
        int since,
        int until,
        @Nullable Schema body,
        Handler handler) {

    /** Carries out an action whose caller may do it. The server is the caller's to see, but was read before. */
    @FunctionalInterface
    public interface Handler {
        Response handle(Request request, String serverId, JsonNode argument);
    }

    public static ServerAction of(String name, PolicyRule policy, Handler handler) {
        return new ServerAction(name, policy, 1, Integer.MAX_VALUE, null, handler);
    }

    public ServerAction shaped(String schema) {
        return new ServerAction(name, policy, since, until, Schema.of("""
                        {"type": "object", "required": ["%s"], "additionalProperties": false, "properties": {"%s": %s}}""".formatted(name, name, schema)), handler);
    }

    public ServerAction since(int minor) {
        return new ServerAction(name, policy, minor, until, body, handler);
    }

    public ServerAction until(int minor) {
        return new ServerAction(name, policy, since, minor, body, handler);
    }
}
