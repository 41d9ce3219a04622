package io.nacre.keystone.saml.consumer;

import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.keystone.auth.Authorizations;
import io.nacre.keystone.federation.BrowserLogin;
import io.nacre.keystone.federation.BrowserProvider;
import io.nacre.keystone.federation.FederatedLogin;
import io.nacre.keystone.mapping.rule.Assertion;
import io.nacre.keystone.saml.SigningKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

/** An identity provider that speaks SAML. Its certificates are read each time, so that a new one is in force at once. */
final class SamlPeer implements BrowserProvider {
    private final SamlPeerConfig config;
    private final SigningKey key;
    private final Transactions transactions;
    private final UsedAssertionStore used;
    private final InstantSource clock;

    SamlPeer(
            SamlPeerConfig config,
            SigningKey key,
            Transactions transactions,
            UsedAssertionStore used,
            InstantSource clock) {
        this.config = config;
        this.key = key;
        this.transactions = transactions;
        this.used = used;
        this.clock = clock;
    }

    boolean hasLoginPage() {
        return config.ssoUrl() != null;
    }

    @Override
    public String loginPage(BrowserLogin begun, String callback) {
        if (config.ssoUrl() == null) {
            throw Authorizations.denied();
        }
        return request(identifier(begun), callback).address(config.ssoUrl(), begun.state(), signing());
    }

    @Override
    public boolean answersByForm() {
        return true;
    }

    @Override
    public Assertion assertion(Function<String, @Nullable String> answer, BrowserLogin begun, String callback) {
        String text = answer.apply("SAMLResponse");
        if (text == null) {
            throw Authorizations.denied();
        }
        try {
            byte[] document = Base64.getMimeDecoder().decode(text);
            return assertion(SamlDocument.message(document).response(), callback, identifier(begun));
        } catch (IllegalArgumentException e) {
            throw Authorizations.denied(e);
        }
    }

    /** An identifier in XML does not begin with a digit. */
    private static String identifier(BrowserLogin begun) {
        return "_" + begun.nonce();
    }

    /** @param id of the request */
    byte[] envelope(String id, String consumer, String relayState) {
        return request(id, consumer).forEnhancedClient(relayState, signing());
    }

    private @Nullable SigningKey signing() {
        return config.signsRequests() ? key : null;
    }

    /** Faults with UNAUTHENTICATED when nothing is known of what this cloud is called there. */
    private AuthnRequest request(String id, String consumer) {
        if (config.audience() == null) {
            throw Authorizations.denied(new IllegalStateException("the identity provider's audience is not set"));
        }
        return new AuthnRequest(id, clock.instant(), config.audience(), consumer);
    }

    /**
     * What the provider says, as mod_shib and mod_auth_mellon name things. Faults with UNAUTHENTICATED unless it says it to
     * us, now, for the first time.
     *
     * @param recipient where it was brought
     * @param request the identifier of what it answers; null when nothing was asked
     */
    Assertion assertion(Element response, String recipient, @Nullable String request) {
        Instant now = clock.instant();
        TrustedAssertion trusted = TrustedAssertion.of(
                response,
                new TrustedAssertion.Terms(config.entityId(), keys(), config.audience(), recipient, request),
                now);
        if (!transactions.write(tx -> used.use(tx, config.entityId(), trusted, now))) {
            throw Authorizations.denied(new IllegalArgumentException("a SAML assertion was used before"));
        }
        Map<String, List<String>> attributes = new LinkedHashMap<>();
        trusted.attributes().forEach((name, values) -> {
            attributes.put(name, values);
            attributes.put("MELLON_" + name, values);
        });
        attributes.put(FederatedLogin.REMOTE_USER, List.of(trusted.subject()));
        attributes.put("Shib-Identity-Provider", List.of(config.entityId()));
        attributes.put("MELLON_IDP", List.of(config.entityId()));
        return new Assertion(attributes);
    }

    private List<PublicKey> keys() {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(config.certfile())))
                    .stream()
                    .map(Certificate::getPublicKey)
                    .toList();
        } catch (IOException | GeneralSecurityException e) {
            throw Fault.internal("The certificates of an identity provider cannot be read.")
                    .because(e);
        }
    }
}
