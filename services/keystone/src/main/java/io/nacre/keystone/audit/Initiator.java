package io.nacre.keystone.audit;

import io.nacre.base.Caller;
import io.nacre.http.Request;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who asked for something, and from where.
 *
 * @param userName null when nobody of that identifier is known
 */
record Initiator(
        String address,
        String agent,
        @Nullable String userId,
        @Nullable String userName,
        @Nullable String projectId,
        @Nullable String domainId,
        String requestId,
        @Nullable String globalRequestId) {
    private static final Pattern UUID = Pattern.compile("[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}");

    /** In which the original makes a UUID of any other identifier. */
    private static final byte[] NAMESPACE = HexFormat.of().parseHex("4332ecab770b4288a680b9aca3b1b153");

    static Initiator of(Request request) {
        Caller caller = request.caller();
        String agent = request.header("User-Agent");
        return new Initiator(
                request.remoteAddress(),
                agent == null ? "" : agent,
                caller.userId(),
                caller.user() == null ? null : caller.user().name(),
                caller.projectId(),
                caller.scope().domain() == null ? null : caller.scope().domain().id(),
                caller.requestId(),
                caller.globalRequestId());
    }

    /** The same connection, for somebody who logs in over it. */
    Initiator as(@Nullable String id, @Nullable String name, @Nullable String domain) {
        return new Initiator(address, agent, id, name, projectId, domain, requestId, globalRequestId);
    }

    Map<String, @Nullable Object> shown() {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("typeURI", "service/security/account/user");
        shown.put("host", Map.of("address", address, "agent", agent));
        put(shown, "id", userId == null ? null : uuid(userId));
        put(shown, "user_id", userId);
        put(shown, "username", userName);
        put(shown, "project_id", projectId);
        put(shown, "domain_id", domainId);
        put(shown, "request_id", requestId);
        put(shown, "global_request_id", globalRequestId);
        return shown;
    }

    private static void put(Map<String, @Nullable Object> shown, String name, @Nullable String value) {
        if (value != null) {
            shown.put(name, value);
        }
    }

    /** CADF wants UUIDs: another identifier becomes one by RFC 9562's version 5. */
    static String uuid(String id) {
        if (UUID.matcher(id).matches()) {
            return id;
        }
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(NAMESPACE);
            byte[] bytes = Arrays.copyOf(sha1.digest(id.getBytes(StandardCharsets.UTF_8)), 16);
            bytes[6] = (byte) ((bytes[6] & 0x0f) | 0x50);
            bytes[8] = (byte) ((bytes[8] & 0x3f) | 0x80);
            return HexFormat.of().formatHex(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JVM lacks SHA-1", e);
        }
    }
}
