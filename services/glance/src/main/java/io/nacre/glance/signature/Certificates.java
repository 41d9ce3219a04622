package io.nacre.glance.signature;

import io.nacre.base.FaultException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Provider;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Certificates by their ids, from a folder or a key manager (Key Manager API v1, "Secrets", payload). */
final class Certificates {
    private static final Pattern ID = Pattern.compile("[0-9A-Za-z][0-9A-Za-z-]{0,63}");
    private static final int LARGEST = 64 << 10;

    private final SignatureConfig config;

    Certificates(SignatureConfig config) {
        this.config = config;
    }

    /**
     * Faults with INVALID when there is none, or it cannot be read.
     *
     * @param token for whom the key manager is asked
     * @param provider who understands its key; null for the JDK
     */
    Certificate find(String id, String token, @Nullable Provider provider) {
        if (!ID.matcher(id).matches()) {
            throw Signatures.refused("Certificate not found with ID: " + id);
        }
        try {
            byte[] bytes = local(id);
            if (bytes == null) {
                bytes = remote(id, token);
            }
            if (bytes == null) {
                throw Signatures.refused("Certificate not found with ID: " + id);
            }
            CertificateFactory factory = provider == null
                    ? CertificateFactory.getInstance("X.509")
                    : CertificateFactory.getInstance("X.509", provider);
            Certificate certificate = factory.generateCertificate(new ByteArrayInputStream(bytes));
            if (certificate == null) {
                throw new CertificateException("there is none in it");
            }
            return certificate;
        } catch (IOException e) {
            throw unreadable(id, e);
        } catch (CertificateException e) {
            throw Signatures.refused("Invalid certificate format: " + id).because(e);
        }
    }

    private static FaultException unreadable(String id, Exception cause) {
        return Signatures.refused("Unable to retrieve certificate with ID: " + id)
                .because(cause);
    }

    private byte @Nullable [] local(String id) throws IOException {
        Path folder = config.certificateDirectory();
        if (folder == null || !Files.isRegularFile(folder.resolve(id + ".pem"))) {
            return null;
        }
        try (InputStream in = Files.newInputStream(folder.resolve(id + ".pem"))) {
            return in.readNBytes(LARGEST);
        }
    }

    private byte @Nullable [] remote(String id, String token) throws IOException {
        if (config.keyManager() == null) {
            return null;
        }
        HttpRequest request = HttpRequest.newBuilder(config.keyManager().resolve("/v1/secrets/" + id + "/payload"))
                .header("X-Auth-Token", token)
                .header("Accept", "application/octet-stream")
                .timeout(config.keyManagerTimeout())
                .build();
        try (HttpClient client = HttpClient.newBuilder()
                .connectTimeout(config.keyManagerTimeout())
                .build()) {
            HttpResponse<InputStream> answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                return switch (answer.statusCode()) {
                    case 200 -> body.readNBytes(LARGEST);
                    case 404 -> null;
                    default -> throw new IOException("the key manager answered " + answer.statusCode());
                };
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
