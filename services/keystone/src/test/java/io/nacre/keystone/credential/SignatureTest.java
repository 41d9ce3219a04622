package io.nacre.keystone.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.FaultException;
import io.nacre.base.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expected signatures were made with keystoneclient.contrib.ec2.utils, those of S3 as keystone makes them. */
class SignatureTest {
    private static final String SECRET = "s3cr3t/ü";
    private static final String EMPTY_HASH = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static String ec2(Map<String, ?> sent) {
        return new Ec2Signature(SECRET).of(new SignedRequest(Json.tree(sent)), "cloud:8773");
    }

    @ParameterizedTest
    @CsvSource({
        "0, Q4DglF7vIIOqhAfLfQFltbSKphI=",
        "1, pA84hg4+zudJYDmWtO9b+bJ45pc=",
        "2, Oe7WumriwXm2iRqBYVbFy1zk6mfQslHb+dbpLpLn+Pk="
    })
    void theVersionThatTheRequestNamesIsUsed(String version, String signature) {
        Map<String, Object> parameters = new HashMap<>(Map.of(
                "Action",
                "Describe Servers",
                "Timestamp",
                "2026-01-02T03:04:05Z",
                "b",
                "x/y ~*+é",
                "A",
                1,
                "AWSAccessKeyId",
                "ak"));
        parameters.put("SignatureVersion", version);
        assertThat(ec2(Map.of("params", parameters, "verb", "GET", "path", "/services/Cloud")))
                .isEqualTo(signature);
    }

    private static Map<String, Object> fourth(String agent, String signedHeaders) {
        return Map.of(
                "params",
                Map.of("b", "x/y ~*+é", "Action", "Q"),
                "verb",
                "get",
                "path",
                "/",
                "headers",
                Map.of(
                        "Host",
                        "cloud:8773",
                        "X-Amz-Date",
                        "20260102T030405Z",
                        "User-Agent",
                        agent,
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=ak/20260102/RegionOne/ec2/aws4_request,SignedHeaders="
                                + signedHeaders + ",Signature=abc"),
                "body_hash",
                EMPTY_HASH);
    }

    @Test
    void version4StandsInTheHeader() {
        assertThat(ec2(fourth("Boto/2.9.2 x", "host;user-agent;x-amz-date;gone")))
                .isEqualTo("173191bb50b919a3de7a0bc0f4bc8df70f948f6f152eed089eac43eb7062ab5c");
    }

    @Test
    void version4StandsInTheQuery() {
        Map<String, ?> sent = Map.of(
                "params",
                Map.of(
                        "X-Amz-Algorithm",
                        "AWS4-HMAC-SHA256",
                        "X-Amz-Credential",
                        "ak/20260102/RegionOne/ec2/aws4_request",
                        "X-Amz-Date",
                        "20260102T030405Z",
                        "X-Amz-SignedHeaders",
                        "host"),
                "verb",
                "POST",
                "path",
                "/",
                "headers",
                Map.of("Host", "cloud:8773"),
                "body_hash",
                "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881");
        assertThat(ec2(sent)).isEqualTo("6b4affb7a729d6bbafdab02df56131ba00040067b542f95794035b412ee2088c");
    }

    @ParameterizedTest
    @CsvSource({
        "R0VUCgoKRnJpLCAwMiBKYW4gMjAyNiAwMzowNDowNSArMDAwMAovYnVja2V0L8O8, kzeJn/zY/aueT+j/atyPA9K3aAs=",
        "QVdTNC1ITUFDLVNIQTI1NgoyMDI2MDEwMlQwMzA0MDVaCjIwMjYwMTAyL1JlZ2lvbk9uZS9zMy9hd3M0X3JlcXVlc3QKOGUzNWMyY2QzYmY2NjQx"
                + "YmRiMGUyMDUwYjc2OTMyY2JiMmU2MDM0YTBkZGFjYzFkOWJlYTgyYTZiYTU3ZjdjZg==,"
                + "b4c77e928ed47c9fb97aa751c28b8f1cbf4d03b192f5db8c40c14fea829f1fb6"
    })
    void s3IsSignedOverWhatTheClientSays(String token, String signature) {
        assertThat(S3Signature.of(SECRET, token)).isEqualTo(signature);
    }

    @ParameterizedTest
    @CsvSource({"20260102/RegionOne/ec2/aws4_request", "20260102/RegionOne/s3/other", "20260102/s3/aws4_request"})
    void aKeyDerivedForAnotherServiceIsNoneForS3(String scope) {
        String text = "AWS4-HMAC-SHA256\n20260102T030405Z\n" + scope + "\n" + EMPTY_HASH;
        String token = Base64.getUrlEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> S3Signature.of(SECRET, token)).isInstanceOf(FaultException.class);
    }

    @Test
    void whatIsMissingMakesNoSignature() {
        assertThatThrownBy(() -> ec2(Map.of())).isInstanceOf(FaultException.class);
        assertThatThrownBy(() -> ec2(Map.of("params", Map.of("SignatureVersion", "3"))))
                .isInstanceOf(FaultException.class);
        assertThatThrownBy(() -> ec2(Map.of("params", Map.of("SignatureVersion", "0"))))
                .isInstanceOf(FaultException.class);
        assertThatThrownBy(() -> S3Signature.of(SECRET, "?")).isInstanceOf(FaultException.class);
    }

    @ParameterizedTest
    @CsvSource({"2026-01-02T03:04:05Z", "20260102T030405Z", "2026-01-02T03:04:05", "2026-01-02T05:04:05+02:00"})
    void aSignatureGrowsOld(String stamp) {
        SignedRequest request = new SignedRequest(Json.tree(Map.of("params", Map.of("Timestamp", stamp))));
        Instant signed = Instant.parse("2026-01-02T03:04:05Z");
        Duration lifetime = Duration.ofMinutes(15);
        request.requireRecent(lifetime, signed.plus(lifetime));
        assertThatThrownBy(() ->
                        request.requireRecent(lifetime, signed.plus(lifetime).plusSeconds(1)))
                .isInstanceOf(FaultException.class);
    }
}
