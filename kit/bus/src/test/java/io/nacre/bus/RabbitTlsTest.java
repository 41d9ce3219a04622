package io.nacre.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Ids;
import io.nacre.config.Secret;
import io.nacre.testkit.RabbitServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.IntNode;

class RabbitTlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    Path directory;

    /** A certificate for the host that has signed itself, as the broker and the client want it. */
    private Path certificate(String name, String host) throws Exception {
        Path store = directory.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "broker",
                        "-dname",
                        "CN=" + host,
                        "-ext",
                        "SAN=dns:" + host,
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        pem(name + ".key", "PRIVATE KEY", keys.getKey("broker", PASSWORD).getEncoded());
        return pem(name + ".pem", "CERTIFICATE", keys.getCertificate("broker").getEncoded());
    }

    private Path pem(String file, String kind, byte[] content) throws Exception {
        String body = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(content);
        return Files.writeString(
                directory.resolve(file), "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n");
    }

    private static RabbitConfig config(int port, String host, Path authorities) {
        return new RabbitConfig(
                List.of(host + ":" + port),
                "/",
                RabbitServer.USER,
                new Secret(RabbitServer.PASSWORD),
                true,
                authorities,
                false,
                false,
                Duration.ofSeconds(5),
                Duration.ofSeconds(2),
                Duration.ofSeconds(30));
    }

    private static Fault.Kind kindOfCall(RabbitConfig config) {
        try (Bus bus = new RabbitBus(config, Ids.secure())) {
            return catchThrowableOfType(
                            FaultException.class, () -> bus.call("tls", "m", IntNode.valueOf(7), Duration.ofSeconds(1)))
                    .fault()
                    .kind();
        }
    }

    @Test
    void theConnectionIsEncryptedAndTheBrokersNameAndSignatureAreChecked() throws Exception {
        Path certificate = certificate("broker", "localhost");
        Path other = certificate("other", "localhost");
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String settings = """
                listeners.ssl.default = 127.0.0.1:%d
                ssl_options.certfile = %s
                ssl_options.keyfile = %s
                """.formatted(port, certificate, directory.resolve("broker.key"));
        try (RabbitServer broker = RabbitServer.start(settings);
                Bus bus = new RabbitBus(config(port, "localhost", certificate), Ids.secure())) {
            bus.serve("tls", (method, argument) -> argument);
            assertThat(bus.call("tls", "m", IntNode.valueOf(7), Duration.ofSeconds(10)))
                    .isEqualTo(IntNode.valueOf(7));
            assertThat(broker.port()).isNotEqualTo(port);
            assertThat(kindOfCall(config(port, "localhost", other))).isEqualTo(Fault.Kind.UNAVAILABLE);
            assertThat(kindOfCall(config(port, "127.0.0.1", certificate))).isEqualTo(Fault.Kind.UNAVAILABLE);
        }
    }
}
