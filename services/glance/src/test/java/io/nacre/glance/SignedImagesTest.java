package io.nacre.glance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.nacre.base.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Images signed by OpenSSL, as the user guide of the original tells people to sign them. */
class SignedImagesTest {
    private static final String ME = "member@mine";
    private static final String PSS = "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:max";
    private static final byte[] DATA = "what was signed".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    private final List<String> tokens = new ArrayList<>();
    private HttpServer keyManager;
    private GlanceServer glance;

    @BeforeEach
    void start() throws IOException {
        Files.write(folder.resolve("data"), DATA);
        keyManager = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        keyManager.createContext("/v1/secrets/", exchange -> {
            tokens.add(exchange.getRequestHeaders().getFirst("X-Auth-Token"));
            String id = exchange.getRequestURI().getPath().split("/")[3];
            Path certificate = folder.resolve(id + ".der");
            byte[] bytes = Files.exists(certificate) ? Files.readAllBytes(certificate) : new byte[0];
            exchange.sendResponseHeaders(id.equals("broken") ? 500 : bytes.length == 0 ? 404 : 200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        keyManager.start();
        glance = new GlanceServer(folder.resolve("glance"), GlanceServer.settings("""
                        [glance.signatures]
                        certificate_directory = "%s"
                        key_manager = "http://127.0.0.1:%d"
                        """.formatted(
                        folder, keyManager.getAddress().getPort())));
    }

    @AfterEach
    void stop() {
        glance.close();
        keyManager.stop(0);
    }

    private void openssl(String words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(words.split(" ")));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s: %s", words, said).isZero();
    }

    /** A key with its certificate in a file; the name is its id. */
    private void key(String id, String kind) throws Exception {
        if (kind.equals("dsa")) {
            openssl("dsaparam -genkey -out " + id + ".key 2048");
        } else {
            openssl("genpkey -out " + id + ".key -algorithm " + kind);
        }
        openssl("req -x509 -new -key " + id + ".key -subj /CN=signer -days 2 -out " + id + ".pem");
    }

    /** The four properties. */
    private Map<String, Object> signed(String id, String hash, String type, String options) throws Exception {
        String digest = hash.replace("-", "").toLowerCase(Locale.ROOT);
        openssl(("dgst -" + digest + " -sign " + id + ".key " + options + " -out signature data").replace("  ", " "));
        Map<String, Object> fields = new HashMap<>(Map.of(
                "img_signature", Base64.getEncoder().encodeToString(Files.readAllBytes(folder.resolve("signature"))),
                "img_signature_hash_method", hash,
                "img_signature_key_type", type,
                "img_signature_certificate_uuid", id));
        fields.putAll(Map.of("disk_format", "raw", "container_format", "bare"));
        return fields;
    }

    private String create(Map<String, Object> fields) throws Exception {
        String json = Json.write(fields);
        return glance.create(ME, json.substring(1, json.length() - 1));
    }

    private void refused(Map<String, Object> fields, byte[] data, String why) throws Exception {
        String id = create(fields);
        HttpResponse<String> response = glance.upload(ME, id, data);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(response.body()).contains(why);
        assertThat(glance.status(id)).isEqualTo("queued");
        assertThat(glance.files()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "RSA -pkeyopt rsa_keygen_bits:2048 | RSA-PSS | SHA-224 | " + PSS,
                "RSA -pkeyopt rsa_keygen_bits:2048 | RSA-PSS | SHA-256 | " + PSS,
                "RSA -pkeyopt rsa_keygen_bits:3072 | RSA-PSS | SHA-384 | " + PSS,
                "RSA -pkeyopt rsa_keygen_bits:2048 | RSA-PSS | SHA-512 | " + PSS,
                "dsa | DSA | SHA-256 | ''",
                "EC -pkeyopt ec_paramgen_curve:secp384r1 | ECC_SECP384R1 | SHA-256 | ''",
                "EC -pkeyopt ec_paramgen_curve:secp521r1 | ECC_SECP521R1 | SHA-512 | ''",
                "EC -pkeyopt ec_paramgen_curve:sect409k1 | ECC_SECT409K1 | SHA-224 | ''",
                "EC -pkeyopt ec_paramgen_curve:sect409r1 | ECC_SECT409R1 | SHA-256 | ''",
                "EC -pkeyopt ec_paramgen_curve:sect571k1 | ECC_SECT571K1 | SHA-384 | ''",
                "EC -pkeyopt ec_paramgen_curve:sect571r1 | ECC_SECT571R1 | SHA-512 | ''"
            })
    void onlyWhatWasSignedIsTakenIn(String kind, String type, String hash, String options) throws Exception {
        key("signer", kind);
        Map<String, Object> fields = signed("signer", hash, type, options);
        refused(fields, "what was not signed".getBytes(StandardCharsets.US_ASCII), "Signature verification failed");
        String id = create(fields);
        assertThat(glance.upload(ME, id, DATA).statusCode()).isEqualTo(204);
        assertThat(glance.status(id)).isEqualTo("active");
    }

    @Test
    void whatMakesNoSenseIsRefused() throws Exception {
        key("signer", "RSA");
        key("curve", "EC -pkeyopt ec_paramgen_curve:secp384r1");
        Map<String, Object> good = signed("signer", "SHA-256", "RSA-PSS", PSS);
        refused(with(good, "img_signature", "%%%="), DATA, "");
        refused(with(good, "img_signature", "AAAA"), DATA, "Signature verification failed");
        refused(with(good, "img_signature_hash_method", "MD5"), DATA, "Invalid signature hash method: MD5");
        refused(with(good, "img_signature_key_type", "ECC_SECT163K1"), DATA, "Invalid signature key type");
        refused(with(good, "img_signature_key_type", "ECC_SECT571K1"), DATA, "Invalid public key type");
        refused(with(good, "img_signature_key_type", "DSA"), DATA, "Invalid public key type");
        refused(with(good, "img_signature_certificate_uuid", "curve"), DATA, "Invalid public key type");
        refused(with(good, "img_signature_certificate_uuid", "nobody"), DATA, "Certificate not found");
        refused(with(good, "img_signature_certificate_uuid", "../signer"), DATA, "Certificate not found");
        refused(with(good, "img_signature_certificate_uuid", "broken"), DATA, "Unable to retrieve certificate");
        Files.writeString(folder.resolve("text.pem"), "no certificate");
        Map<String, Object> text = with(good, "img_signature_certificate_uuid", "text");
        refused(text, DATA, "Invalid certificate format");
        refused(with(text, "img_signature_key_type", "ECC_SECT571K1"), DATA, "Invalid certificate format");
        // Whose properties are not all there is not signed.
        Map<String, Object> half = new HashMap<>(good);
        half.remove("img_signature_key_type");
        assertThat(glance.upload(ME, create(half), new byte[1]).statusCode()).isEqualTo(204);
    }

    private static Map<String, Object> with(Map<String, Object> fields, String name, String value) {
        Map<String, Object> changed = new HashMap<>(fields);
        changed.put(name, value);
        return changed;
    }

    @Test
    void aKeyManagerHasTheCertificateForWhoMaySeeIt() throws Exception {
        key("remote", "RSA");
        openssl("x509 -in remote.pem -outform DER -out remote.der");
        Files.delete(folder.resolve("remote.pem"));
        String id = create(signed("remote", "SHA-256", "RSA-PSS", PSS));
        assertThat(glance.upload(ME, id, DATA).statusCode()).isEqualTo(204);
        assertThat(tokens).containsExactly(ME);
    }

    @Test
    void anImportIsVerifiedToo() throws Exception {
        key("remote", "RSA");
        openssl("x509 -in remote.pem -outform DER -out remote.der");
        Files.delete(folder.resolve("remote.pem"));
        Map<String, Object> fields = signed("remote", "SHA-256", "RSA-PSS", PSS);
        assertThat(glance.status(imported(create(fields), DATA))).isEqualTo("active");
        assertThat(tokens).containsExactly("a-service-token");
        String other = imported(create(fields), new byte[10]);
        assertThat(glance.status(other)).isEqualTo("queued");
        assertThat(glance.get(ME, "/v2/images/" + other + "/tasks").body()).contains("Signature verification failed");
    }

    @Test
    void dataOfOthersIsVerifiedAlsoWhenItIsNotHashed() throws Exception {
        keyManager.createContext("/good", exchange -> serve(exchange, DATA));
        keyManager.createContext("/bad", exchange -> serve(exchange, new byte[10]));
        int port = keyManager.getAddress().getPort();
        key("signer", "RSA");
        glance.close();
        glance = new GlanceServer(folder.resolve("glance"), GlanceServer.settings("""
                        [glance.signatures]
                        certificate_directory = "%1$s"
                        [glance.locations]
                        do_secure_hash = false
                        [glance.store.files]
                        driver = "file"
                        folder = "%1$s/files"
                        [glance.store.web]
                        driver = "http"
                        allow = ["127.0.0.1:%2$d"]
                        """.formatted(folder, port)));
        Map<String, Object> fields = signed("signer", "SHA-256", "RSA-PSS", PSS);
        for (String path : List.of("good", "bad")) {
            String id = create(fields);
            String url = "{\"url\": \"http://127.0.0.1:" + port + "/" + path + "\"}";
            assertThat(glance.post(ME, "/v2/images/" + id + "/locations", url).statusCode())
                    .isEqualTo(202);
            glance.settle();
            assertThat(glance.status(id)).isEqualTo(path.equals("good") ? "active" : "queued");
        }
    }

    private static void serve(HttpExchange exchange, byte[] data) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.getResponseHeaders().add("Content-Length", Integer.toString(data.length));
        exchange.sendResponseHeaders(200, head ? -1 : data.length);
        if (!head) {
            exchange.getResponseBody().write(data);
        }
        exchange.close();
    }

    private String imported(String id, byte[] data) throws Exception {
        assertThat(glance.send(glance.request(ME, "/v2/images/" + id + "/stage")
                                .header("Content-Type", GlanceServer.OCTETS)
                                .PUT(BodyPublishers.ofByteArray(data)))
                        .statusCode())
                .isEqualTo(204);
        assertThat(glance.post(ME, "/v2/images/" + id + "/import", "{\"method\": {\"name\": \"glance-direct\"}}")
                        .statusCode())
                .isEqualTo(202);
        glance.settle();
        return id;
    }
}
