package io.nacre.keystone.saml.consumer;

import static io.nacre.keystone.saml.consumer.SamlDocument.ASSERTION;
import static io.nacre.keystone.saml.consumer.SamlDocument.PROTOCOL;
import static io.nacre.keystone.saml.consumer.SamlDocument.all;
import static io.nacre.keystone.saml.consumer.SamlDocument.attribute;
import static io.nacre.keystone.saml.consumer.SamlDocument.only;
import static io.nacre.keystone.saml.consumer.SamlDocument.refused;

import io.nacre.keystone.auth.Authorizations;
import java.security.PublicKey;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.xml.crypto.dsig.XMLSignature;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

/**
 * What an identity provider has said of somebody, to us, now (SAML 2.0 profiles, 4.1.4.3). Everything is read from the
 * signed element.
 *
 * @param id by which it is known again
 * @param end after which it is good for nothing
 * @param attributes the values of each, by its name
 */
record TrustedAssertion(String id, Instant end, String subject, Map<String, List<String>> attributes) {
    /** For clocks that are not quite alike. */
    private static final Duration LEEWAY = Duration.ofSeconds(60);

    private static final Duration LONGEST = Duration.ofDays(1);
    private static final String BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
    private static final String SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success";

    /**
     * Who may speak, and to whom.
     *
     * @param keys any of which may have signed
     * @param audience what we are called; null for nothing
     * @param recipient the URL where it was sent to
     * @param request the identifier of what it answers; null for what comes unasked
     */
    record Terms(
            String issuer,
            Collection<PublicKey> keys,
            @Nullable String audience,
            String recipient,
            @Nullable String request) {}

    /** Faults with UNAUTHENTICATED for anything else than one signed assertion on these terms. */
    static TrustedAssertion of(Element response, Terms terms, Instant now) {
        String destination = attribute(response, "Destination");
        if (destination != null && !destination.equals(terms.recipient())) {
            throw refused("it was sent elsewhere");
        }
        Element status = only(only(response, PROTOCOL, "Status"), PROTOCOL, "StatusCode");
        if (!SUCCESS.equals(status.getAttribute("Value"))) {
            throw refused("it says " + status.getAttribute("Value"));
        }
        Element assertion = only(response, ASSERTION, "Assertion");
        requireSigned(assertion, response, terms);
        if (!terms.issuer().equals(only(assertion, ASSERTION, "Issuer").getTextContent())) {
            throw refused("somebody else has issued it");
        }
        requireMet(all(assertion, ASSERTION, "Conditions"), terms, now);
        Element subject = only(assertion, ASSERTION, "Subject");
        Instant end = confirmedUntil(subject, terms, now);
        List<Element> logins = all(assertion, ASSERTION, "AuthnStatement");
        if (logins.isEmpty() || logins.stream().anyMatch(login -> isOver(login, "SessionNotOnOrAfter", now))) {
            throw refused("nobody is logged in there");
        }
        return new TrustedAssertion(
                assertion.getAttribute("ID"),
                end,
                only(subject, ASSERTION, "NameID").getTextContent(),
                attributes(assertion));
    }

    /** Some providers sign the assertion, some the response that holds it. */
    private static void requireSigned(Element assertion, Element response, Terms terms) {
        boolean itself = !all(assertion, XMLSignature.XMLNS, "Signature").isEmpty();
        SignatureCheck.require(itself ? assertion : response, terms.keys());
        if (assertion.getAttribute("ID").isEmpty()) {
            throw refused("it has no identifier");
        }
    }

    /** Whatever answers a request says whom it is for (SAML 2.0 profiles, 4.1.4.2). */
    private static void requireMet(List<Element> all, Terms terms, Instant now) {
        all.forEach(conditions -> requireTime(conditions, now));
        List<Element> restrictions = all.stream()
                .flatMap(conditions -> all(conditions, ASSERTION, "AudienceRestriction").stream())
                .toList();
        if (terms.request() != null && restrictions.isEmpty()) {
            throw refused("it does not say for whom it is");
        }
        for (Element restriction : restrictions) {
            boolean meant = all(restriction, ASSERTION, "Audience").stream()
                    .anyMatch(audience -> audience.getTextContent().equals(terms.audience()));
            if (!meant) {
                throw refused("it is for somebody else");
            }
        }
    }

    private static void requireTime(Element of, Instant now) {
        Instant begin = moment(of, "NotBefore");
        if (isOver(of, "NotOnOrAfter", now) || (begin != null && begin.isAfter(now.plus(LEEWAY)))) {
            throw refused("it is not good now");
        }
    }

    private static boolean isOver(Element of, String name, Instant now) {
        Instant end = moment(of, name);
        return end != null && !end.plus(LEEWAY).isAfter(now);
    }

    private static @Nullable Instant moment(Element of, String name) {
        String text = attribute(of, name);
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            throw Authorizations.denied(e);
        }
    }

    /** Whoever brings it is its subject, when it was made for being brought here. */
    private static Instant confirmedUntil(Element subject, Terms terms, Instant now) {
        for (Element confirmation : all(subject, ASSERTION, "SubjectConfirmation")) {
            List<Element> data = all(confirmation, ASSERTION, "SubjectConfirmationData");
            if (!BEARER.equals(confirmation.getAttribute("Method")) || data.size() != 1) {
                continue;
            }
            Element one = data.getFirst();
            Instant end = moment(one, "NotOnOrAfter");
            boolean fits = terms.recipient().equals(attribute(one, "Recipient"))
                    && Objects.equals(attribute(one, "InResponseTo"), terms.request());
            if (fits && end != null && !end.isAfter(now.plus(LONGEST))) {
                requireTime(one, now);
                return end.plus(LEEWAY);
            }
        }
        throw refused("it was not made to be brought here");
    }

    private static Map<String, List<String>> attributes(Element assertion) {
        Map<String, List<String>> attributes = new LinkedHashMap<>();
        for (Element statement : all(assertion, ASSERTION, "AttributeStatement")) {
            for (Element attribute : all(statement, ASSERTION, "Attribute")) {
                List<String> values =
                        attributes.computeIfAbsent(attribute.getAttribute("Name"), name -> new ArrayList<>());
                all(attribute, ASSERTION, "AttributeValue").forEach(value -> values.add(value.getTextContent()));
            }
        }
        return attributes;
    }
}
