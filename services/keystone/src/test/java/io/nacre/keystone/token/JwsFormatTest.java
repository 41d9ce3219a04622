package io.nacre.keystone.token;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.keystone.jws.JwsKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The signed texts were made with openssl, from the claims that keystone's provider jws assembles. */
class JwsFormatTest {
    private static final String PUBLIC = """
            -----BEGIN PUBLIC KEY-----
            MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEODNE8O49RpJ9NBzPkWMA63YTNcuJ
            zWzrrgtoIM0aPiAjx2wH2x2aX3GtL7MUeFiYZ43S0C5kWbH/4WLfuaQKjg==
            -----END PUBLIC KEY-----
            """;
    private static final Instant ISSUED = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant EXPIRES = ISSUED.plusSeconds(3600);
    private static final String USER = "0123456789abcdef0123456789abcdef";
    private static final String PROJECT = "fedcba9876543210fedcba9876543210";
    private static final String THIRD = "aaaaaaaabbbbbbbbccccccccdddddddd";
    private static final List<String> AUDIT = List.of("AAECAwQFBgcICQoLDA0ODw");

    private static final String BY_CREDENTIAL =
            "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZ"
                    + "iIsImlhdCI6MTc2NzIyNTYwMCwiZXhwIjoxNzY3MjI5MjAwLCJvcGVuc3RhY2tfbWV0aG9kcyI6WyJhcHBsaWNhdGl"
                    + "vbl9jcmVkZW50aWFsIl0sIm9wZW5zdGFja19hdWRpdF9pZHMiOlsiQUFFQ0F3UUZCZ2NJQ1FvTERBME9EdyJdLCJvc"
                    + "GVuc3RhY2tfcHJvamVjdF9pZCI6ImZlZGNiYTk4NzY1NDMyMTBmZWRjYmE5ODc2NTQzMjEwIiwib3BlbnN0YWNrX2F"
                    + "wcF9jcmVkX2lkIjoiYWFhYWFhYWFiYmJiYmJiYmNjY2NjY2NjZGRkZGRkZGQifQ.XzceEFMevnF2ED5wDKksqEG3zU"
                    + "DJutdytDmHhYWRNMzoVauKqzDXhJqkPaSpPKCXf9bjd1PP61ItKleJMWBarQ";
    private static final String VOUCHED =
            "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZ"
                    + "iIsImlhdCI6MTc2NzIyNTYwMCwiZXhwIjoxNzY3MjI5MjAwLCJvcGVuc3RhY2tfbWV0aG9kcyI6WyJtYXBwZWQiXSw"
                    + "ib3BlbnN0YWNrX2F1ZGl0X2lkcyI6WyJBQUVDQXdRRkJnY0lDUW9MREEwT0R3Il0sIm9wZW5zdGFja19ncm91cF9pZ"
                    + "HMiOlt7ImlkIjoiYWFhYWFhYWFiYmJiYmJiYmNjY2NjY2NjZGRkZGRkZGQifV0sIm9wZW5zdGFja19pZHBfaWQiOiJ"
                    + "hY21lIiwib3BlbnN0YWNrX3Byb3RvY29sX2lkIjoib3BlbmlkIn0.2yig2O6scNEGAe59axsWBVVnIHO4Q1xY4sLEc"
                    + "dkgdEa4oBQg7m3R_16E6ZsZfAE-uFqsYvbRoEznTJ0pPP7lPg";
    private static final String WITHOUT_AUDIT_ID =
            "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1IiwiaWF0IjoxNzY3MjI1NjAwLCJleHAiOjE3NjcyM"
                    + "jkyMDAsIm9wZW5zdGFja19tZXRob2RzIjpbInBhc3N3b3JkIl0sIm9wZW5zdGFja19hdWRpdF9pZHMiOltdfQ.Pxkv"
                    + "tJckXMUY_FtfErZ4FfVLK63uU_RLC5_felZA5zyYfgVN3NqNvsBa-vJzJ4sIfXZbK9BZPHN-Kp7TVeOqYg";

    @TempDir
    Path parent;

    private JwsKeys.Keys keys;

    @BeforeEach
    void start() throws IOException {
        Path directory = parent.resolve("jws-keys");
        JwsKeys made = new JwsKeys(directory, 3, () -> ISSUED);
        Files.writeString(directory.resolve("public/of-another.pem"), PUBLIC);
        keys = new JwsKeys(directory, 3, () -> ISSUED).keys();
        assertThat(keys.verifying()).hasSize(made.keys().verifying().size() + 1);
    }

    private static Token token(List<String> methods, Token.Scope scope, String trust, String credential) {
        return new Token(USER, methods, scope, trust, credential, ISSUED, EXPIRES, AUDIT);
    }

    static Stream<Token> tokens() {
        List<String> password = List.of("password", "totp");
        return Stream.of(
                token(password, Token.UNSCOPED, null, null),
                token(password, Token.SYSTEM, null, null),
                token(password, new Token.DomainScope("default"), null, null),
                token(password, new Token.ProjectScope(PROJECT), null, null),
                token(password, new Token.ProjectScope(PROJECT), THIRD, null),
                token(password, new Token.ProjectScope(PROJECT), null, THIRD),
                new Token(
                        USER,
                        List.of("oauth1"),
                        new Token.ProjectScope(PROJECT),
                        null,
                        null,
                        THIRD,
                        null,
                        ISSUED,
                        EXPIRES,
                        AUDIT,
                        null),
                new Token(
                        USER,
                        List.of("oauth2_credential"),
                        new Token.ProjectScope(PROJECT),
                        null,
                        null,
                        null,
                        "c2hhMjU2",
                        ISSUED,
                        EXPIRES,
                        AUDIT,
                        null),
                new Token(
                        USER,
                        List.of("openid"),
                        new Token.DomainScope("default"),
                        null,
                        null,
                        null,
                        null,
                        ISSUED,
                        EXPIRES,
                        List.of("a", "b"),
                        new Token.Federation("acme", "openid", List.of(THIRD, "staff"))));
    }

    @ParameterizedTest
    @MethodSource("tokens")
    void whatIsWrittenIsRead(Token token) {
        assertThat(JwsFormat.read(JwsFormat.write(token, keys), keys)).contains(token);
    }

    @Test
    void whatTheOriginalWritesIsRead() {
        assertThat(JwsFormat.read(BY_CREDENTIAL, keys))
                .contains(token(List.of("application_credential"), new Token.ProjectScope(PROJECT), null, THIRD));
        assertThat(JwsFormat.read(VOUCHED, keys).orElseThrow().federation())
                .isEqualTo(new Token.Federation("acme", "openid", List.of(THIRD)));
    }

    @Test
    void theClaimsAreThoseOfTheOriginal() {
        String text = JwsFormat.write(
                token(List.of("application_credential"), new Token.ProjectScope(PROJECT), null, THIRD), keys);
        String unsigned = text.substring(0, text.lastIndexOf('.'));
        assertThat(unsigned.substring(unsigned.indexOf('.')))
                .isEqualTo(BY_CREDENTIAL.substring(BY_CREDENTIAL.indexOf('.'), BY_CREDENTIAL.lastIndexOf('.')));
    }

    @Test
    void whatIsNotSignedOrLacksSomethingIsNoToken() {
        String[] parts = BY_CREDENTIAL.split("\\.");
        String none = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));
        String shared = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"alg\":\"HS256\"}".getBytes(StandardCharsets.UTF_8));
        String[] others = VOUCHED.split("\\.");
        for (String text : List.of(
                "",
                "..",
                "nonsense",
                "gAAAAABpVbkAZGVm",
                WITHOUT_AUDIT_ID,
                none + "." + parts[1] + ".",
                none + "." + parts[1] + "." + parts[2],
                shared + "." + parts[1] + "." + parts[2],
                parts[0] + "." + others[1] + "." + parts[2],
                parts[0] + "." + parts[1] + ".",
                parts[0] + "." + parts[1] + "." + "A".repeat(86))) {
            assertThat(JwsFormat.read(text, keys)).as(text).isEmpty();
        }
    }
}
