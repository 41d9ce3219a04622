package io.nacre.keystone.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.FaultException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignedRequestTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

    private static SignedRequest request(String authorization) {
        return new SignedRequest("POST", "http://cloud/v3", Map.of(), authorization);
    }

    private static String header(String timestamp, String method, String version) {
        return "OAuth oauth_consumer_key=\"c\", oauth_nonce=\"1\", oauth_signature=\"x\", oauth_timestamp=\""
                + timestamp + "\", oauth_signature_method=\"" + method + "\", oauth_version=\"" + version + "\"";
    }

    /** The examples of RFC 5849, 1.2; the first with the signature that oauthlib gives, the one printed there is wrong. */
    @Test
    void examplesAreSignedAsOthersSignThem() {
        String first = "OAuth realm=\"Photos\",\n  oauth_consumer_key=\"dpf43f3p2l4k3l03\",\n"
                + "  oauth_signature_method=\"HMAC-SHA1\",\n  oauth_timestamp=\"137131200\",\n"
                + "  oauth_nonce=\"wIjqoxSZ\",\n  oauth_callback=\"http%3A%2F%2Fprinter.example.com%2Fready\",\n"
                + "  oauth_signature=\"%2FUvthHqLWsq3QBhDNNbCXRUcFvI%3D\"";
        SignedRequest ask = new SignedRequest("POST", "https://photos.example.net/initiate", Map.of(), first);
        assertThat(ask.isSignedWith("kd94hf93k423kf44", "")).isTrue();
        assertThat(ask.isSignedWith("kd94hf93k423kf44", "x")).isFalse();
        assertThat(ask.required("oauth_callback")).isEqualTo("http://printer.example.com/ready");
        String second = "OAuth realm=\"Photos\", oauth_consumer_key=\"dpf43f3p2l4k3l03\","
                + " oauth_token=\"nnch734d00sl2jdk\", oauth_signature_method=\"HMAC-SHA1\","
                + " oauth_timestamp=\"137131202\", oauth_nonce=\"chapoH\","
                + " oauth_signature=\"MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D\"";
        Map<String, List<String>> query = Map.of("file", List.of("vacation.jpg"), "size", List.of("original"));
        assertThat(new SignedRequest("GET", "http://photos.example.net/photos", query, second)
                        .isSignedWith("kd94hf93k423kf44", "pfkkdhi9sl3r4s00"))
                .isTrue();
        assertThat(new SignedRequest("GET", "HTTP://Photos.example.NET:80/photos", query, second)
                        .isSignedWith("kd94hf93k423kf44", "pfkkdhi9sl3r4s00"))
                .isTrue();
        assertThat(new SignedRequest("GET", "http://photos.example.net/photos", Map.of(), second)
                        .isSignedWith("kd94hf93k423kf44", "pfkkdhi9sl3r4s00"))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Basic eDp5",
                "OAuth",
                "OAuth x",
                "OAuth a=b",
                "OAuth a=\"b",
                "OAuth a=\"%zz\"",
                "OAuth a=\"1\" b=\"2\"",
                "OAuth a=\"1\", a=\"2\""
            })
    void whatIsNoHeaderOfTheSchemeIsRefused(String authorization) {
        assertThatThrownBy(() -> request(authorization)).isInstanceOf(FaultException.class);
    }

    @Test
    void onlyARecentRequestOfTheRightMethodIsLookedAt() {
        request(header("1700000599", "HMAC-SHA1", "1.0")).requireWellFormed(NOW);
        for (String wrong : List.of(
                header("1700000601", "HMAC-SHA1", "1.0"),
                header("1699999399", "HMAC-SHA1", "1.0"),
                header("now", "HMAC-SHA1", "1.0"),
                header("1700000000", "PLAINTEXT", "1.0"),
                header("1700000000", "HMAC-SHA1", "2.0"),
                header("1700000000", "HMAC-SHA1", "1.0").replace("oauth_nonce", "oauth_other"))) {
            SignedRequest request = request(wrong);
            assertThatThrownBy(() -> request.requireWellFormed(NOW))
                    .as(wrong)
                    .hasMessageStartingWith("Validation failed with errors: invalid_request");
        }
    }
}
