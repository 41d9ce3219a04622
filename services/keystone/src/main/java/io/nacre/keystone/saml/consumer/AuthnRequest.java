package io.nacre.keystone.saml.consumer;

import static io.nacre.keystone.saml.Xml.Vocabulary.ASSERTION;
import static io.nacre.keystone.saml.Xml.Vocabulary.ECP;
import static io.nacre.keystone.saml.Xml.Vocabulary.ENVELOPE;
import static io.nacre.keystone.saml.Xml.Vocabulary.PAOS;
import static io.nacre.keystone.saml.Xml.Vocabulary.PROTOCOL;

import io.nacre.keystone.saml.SigningKey;
import io.nacre.keystone.saml.Xml;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import javax.xml.crypto.dsig.SignatureMethod;
import org.jspecify.annotations.Nullable;

/**
 * Asks an identity provider who somebody is (SAML 2.0 core, 3.4.1).
 *
 * @param issuer what this cloud is called there
 * @param consumer where the answer is to be brought
 */
record AuthnRequest(String id, Instant now, String issuer, String consumer) {
    private static final String BINDINGS = "urn:oasis:names:tc:SAML:2.0:bindings:";

    /**
     * The provider's page with the request in its address (SAML 2.0 bindings, 3.4).
     *
     * @param key that signs it; null for none
     */
    String address(String page, String relayState, @Nullable SigningKey key) {
        Xml root = Xml.root(PROTOCOL, "AuthnRequest").with("Destination", page);
        fill(root, BINDINGS + "HTTP-POST");
        String request = Base64.getEncoder().encodeToString(deflated(root.bytes()));
        String query = "SAMLRequest=" + encoded(request) + "&RelayState=" + encoded(relayState);
        if (key != null) {
            query += "&SigAlg=" + encoded(SignatureMethod.RSA_SHA256);
            byte[] signature = key.signature(query.getBytes(StandardCharsets.US_ASCII));
            query += "&Signature=" + encoded(Base64.getEncoder().encodeToString(signature));
        }
        return page + (page.contains("?") ? "&" : "?") + query;
    }

    /**
     * The envelope that an enhanced client takes to the provider of its choice (SAML 2.0 profiles, 4.2.4).
     *
     * @param key that signs the request; null for none
     */
    byte[] forEnhancedClient(String relayState, @Nullable SigningKey key) {
        Xml envelope = Xml.root(ENVELOPE, "Envelope");
        Xml header = envelope.child(ENVELOPE, "Header");
        header.child(PAOS, "Request")
                .forReceiver()
                .with("responseConsumerURL", consumer)
                .with("service", ECP.namespace);
        header.child(ECP, "Request").forReceiver().with("IsPassive", "0").child(ASSERTION, "Issuer", issuer);
        header.child(ECP, "RelayState", relayState).forReceiver();
        Xml request = envelope.child(ENVELOPE, "Body").child(PROTOCOL, "AuthnRequest");
        Xml afterSignature = fill(request, BINDINGS + "PAOS");
        if (key != null) {
            key.sign(request, id, afterSignature);
        }
        return envelope.bytes();
    }

    /** The child before which a signature stands. */
    private Xml fill(Xml request, String binding) {
        request.with("ID", id)
                .with("Version", "2.0")
                .with("IssueInstant", now.truncatedTo(ChronoUnit.SECONDS).toString())
                .with("ProtocolBinding", binding)
                .with("AssertionConsumerServiceURL", consumer)
                .child(ASSERTION, "Issuer", issuer);
        return request.child(PROTOCOL, "NameIDPolicy").with("AllowCreate", "true");
    }

    private static byte[] deflated(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Deflater raw = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try (DeflaterOutputStream deflating = new DeflaterOutputStream(out, raw)) {
            deflating.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            raw.end();
        }
        return out.toByteArray();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
