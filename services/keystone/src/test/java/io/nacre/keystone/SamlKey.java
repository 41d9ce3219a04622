package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/** Files of a new key and its certificate, made with the JDK's keytool. */
record SamlKey(Path key, Path certificate) {
    private static final String PASSWORD = "not secret";

    static SamlKey make(Path directory, String name)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path store = directory.resolve(name);
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        name,
                        "-keyalg",
                        "RSA",
                        "-keysize",
                        "2048",
                        "-dname",
                        "CN=" + name,
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        KeyStore opened = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        return new SamlKey(
                pem(
                        directory.resolve(name + ".key"),
                        "PRIVATE KEY",
                        opened.getKey(name, PASSWORD.toCharArray()).getEncoded()),
                pem(
                        directory.resolve(name + ".crt"),
                        "CERTIFICATE",
                        opened.getCertificate(name).getEncoded()));
    }

    private static Path pem(Path file, String what, byte[] content) throws IOException {
        return Files.writeString(
                file,
                "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END "
                        + what + "-----\n");
    }
}
