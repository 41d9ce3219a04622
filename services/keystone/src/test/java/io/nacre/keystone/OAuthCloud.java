package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.database.Database;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.MutableClock;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A cloud with a consumer of OAuth 1.0, and the words that it, and the user it acts for, say. */
abstract class OAuthCloud {
    static final String CONSUMERS = "/v3/OS-OAUTH1/consumers";

    @TempDir
    Path keys;

    final MutableClock clock = MutableClock.fixed();
    KeystoneServer cloud;
    String admin;
    String adminId;
    String blue;
    String member;
    Key consumer;
    private int nonce;

    record Key(String id, String secret) {
        static final Key NONE = new Key("", "");
    }

    /** The administrator has the role member on the project blue, and there is a consumer. */
    @BeforeEach
    void start(Database database) {
        cloud = new KeystoneServer(database, keys, clock);
        admin = cloud.admin();
        adminId = cloud.get(admin, "/v3/users?name=admin").each("users", "id").getFirst();
        blue = cloud.make(admin, "/v3/projects", "project", Map.of("name", "blue"));
        member = cloud.role(admin, "member");
        cloud.grant(admin, blue, adminId, member);
        consumer = consumer();
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    Key consumer() {
        Answer made = cloud.post(admin, CONSUMERS, Map.of("consumer", Map.of("description", "ci")));
        assertThat(made.status()).isEqualTo(201);
        return new Key(made.id("consumer"), made.json().at("/consumer/secret").asString());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    String signed(String path, Key by, Key token, Map<String, String> more) {
        TreeMap<String, String> parameters = new TreeMap<>(Map.of(
                "oauth_consumer_key",
                by.id(),
                "oauth_nonce",
                String.valueOf(++nonce),
                "oauth_signature_method",
                "HMAC-SHA1",
                "oauth_timestamp",
                String.valueOf(clock.instant().getEpochSecond()),
                "oauth_version",
                "1.0"));
        if (!token.id().isEmpty()) {
            parameters.put("oauth_token", token.id());
        }
        parameters.putAll(more);
        String all = parameters.entrySet().stream()
                .map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue()))
                .collect(Collectors.joining("&"));
        String text = "POST&" + encoded(cloud.url + path) + "&" + encoded(all);
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(
                    (by.secret() + "&" + token.secret()).getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            parameters.put(
                    "oauth_signature",
                    Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8))));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        return parameters.entrySet().stream()
                .map(each -> each.getKey() + "=\"" + encoded(each.getValue()) + "\"")
                .collect(Collectors.joining(", ", "OAuth ", ""));
    }

    Answer ask(Key by, String project) {
        String path = "/v3/OS-OAUTH1/request_token";
        return cloud.send(
                "POST",
                path,
                null,
                null,
                Map.of(
                        "Requested-Project-Id",
                        project,
                        "Authorization",
                        signed(path, by, Key.NONE, Map.of("oauth_callback", "oob"))));
    }

    Answer allow(String token, Key request, String role) {
        return cloud.put(
                token, "/v3/OS-OAUTH1/authorize/" + request.id(), Map.of("roles", List.of(Map.of("id", role))));
    }

    Answer take(Key by, Key request, String verifier) {
        String path = "/v3/OS-OAUTH1/access_token";
        String header = signed(path, by, request, Map.of("oauth_verifier", verifier));
        return cloud.send("POST", path, null, null, Map.of("Authorization", header));
    }

    static Key told(Answer answer) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        assertThat(answer.header("Content-Type")).isEqualTo("application/x-www-form-urlencoded");
        Map<String, String> form = Arrays.stream(answer.response().body().split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
        return new Key(form.getOrDefault("oauth_token", ""), form.getOrDefault("oauth_token_secret", ""));
    }

    Key access() {
        Key request = told(ask(consumer, blue));
        String verifier =
                allow(admin, request, member).json().at("/token/oauth_verifier").asString();
        return told(take(consumer, request, verifier));
    }

    Answer login(Key by, Key token, Object scope) {
        String path = "/v3/auth/tokens";
        return cloud.send(
                "POST",
                path,
                null,
                KeystoneServer.auth(Map.of("methods", List.of("oauth1"), "oauth1", Map.of()), scope),
                Map.of("Authorization", signed(path, by, token, Map.of())));
    }

    String token(Key access) {
        Answer answer = login(consumer, access, null);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        return answer.header("X-Subject-Token");
    }
}
