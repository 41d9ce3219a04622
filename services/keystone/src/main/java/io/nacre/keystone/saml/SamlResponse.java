package io.nacre.keystone.saml;

import static io.nacre.keystone.saml.Xml.Vocabulary.ASSERTION;
import static io.nacre.keystone.saml.Xml.Vocabulary.ECP;
import static io.nacre.keystone.saml.Xml.Vocabulary.ENVELOPE;
import static io.nacre.keystone.saml.Xml.Vocabulary.PROTOCOL;

import io.nacre.base.Ids;
import io.nacre.keystone.entity.Times;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Writes responses of the form that keystone.federation.idp has, with one signed assertion in each. */
final class SamlResponse {
    private static final String NAMED_ENTITY = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity";

    private final SigningKey key;
    private final Ids ids;

    SamlResponse(SigningKey key, Ids ids) {
        this.key = key;
        this.ids = ids;
    }

    /**
     * Who speaks, to whom, and for how long.
     *
     * @param recipient the URL that takes the assertion
     */
    record Frame(String issuer, String recipient, Instant now, Instant end) {
        private String issued() {
            return now.truncatedTo(ChronoUnit.SECONDS).toString();
        }

        private String ends() {
            return String.valueOf(Times.iso(end));
        }
    }

    byte[] plain(Frame frame, Claims claims) {
        Xml response = Xml.root(PROTOCOL, "Response");
        fill(response, frame, claims);
        return response.bytes();
    }

    /** In the envelope of an enhanced client (SAML 2.0 profiles, 4.2). */
    byte[] forEnhancedClient(Frame frame, Claims claims, String relayStatePrefix) {
        Xml envelope = Xml.root(ENVELOPE, "Envelope");
        envelope.child(ENVELOPE, "Header")
                .child(ECP, "RelayState", relayStatePrefix + ids.hex())
                .forReceiver();
        fill(envelope.child(ENVELOPE, "Body").child(PROTOCOL, "Response"), frame, claims);
        return envelope.bytes();
    }

    private void fill(Xml response, Frame frame, Claims claims) {
        response.with("ID", id())
                .with("Version", "2.0")
                .with("IssueInstant", frame.issued())
                .with("Destination", frame.recipient());
        issuer(response, frame);
        response.child(PROTOCOL, "Status")
                .child(PROTOCOL, "StatusCode")
                .with("Value", "urn:oasis:names:tc:SAML:2.0:status:Success");
        String id = id();
        Xml assertion = response.child(ASSERTION, "Assertion")
                .with("ID", id)
                .with("Version", "2.0")
                .with("IssueInstant", frame.issued());
        issuer(assertion, frame);
        Xml subject = subject(assertion, frame, claims.user());
        authentication(assertion, frame);
        attributes(assertion, claims);
        key.sign(assertion, id, subject);
    }

    /** An identifier in XML does not begin with a digit. */
    private String id() {
        return "_" + ids.hex();
    }

    private static void issuer(Xml parent, Frame frame) {
        parent.child(ASSERTION, "Issuer", frame.issuer()).with("Format", NAMED_ENTITY);
    }

    private static Xml subject(Xml assertion, Frame frame, String user) {
        Xml subject = assertion.child(ASSERTION, "Subject");
        subject.child(ASSERTION, "NameID", user);
        subject.child(ASSERTION, "SubjectConfirmation")
                .with("Method", "urn:oasis:names:tc:SAML:2.0:cm:bearer")
                .child(ASSERTION, "SubjectConfirmationData")
                .with("NotOnOrAfter", frame.ends())
                .with("Recipient", frame.recipient());
        return subject;
    }

    private void authentication(Xml assertion, Frame frame) {
        Xml context = assertion
                .child(ASSERTION, "AuthnStatement")
                .with("AuthnInstant", frame.issued())
                .with("SessionIndex", ids.hex())
                .with("SessionNotOnOrAfter", frame.ends())
                .child(ASSERTION, "AuthnContext");
        context.child(ASSERTION, "AuthnContextClassRef", "urn:oasis:names:tc:SAML:2.0:ac:classes:Password");
        context.child(ASSERTION, "AuthenticatingAuthority", frame.issuer());
    }

    private static void attributes(Xml assertion, Claims claims) {
        Xml statement = assertion.child(ASSERTION, "AttributeStatement");
        attribute(statement, "openstack_user", List.of(claims.user()));
        attribute(statement, "openstack_user_domain", List.of(claims.userDomain()));
        attribute(statement, "openstack_roles", claims.roles());
        attribute(statement, "openstack_project", List.of(claims.project()));
        attribute(statement, "openstack_project_domain", List.of(claims.projectDomain()));
        if (!claims.groups().isEmpty()) {
            attribute(statement, "openstack_groups", claims.groups());
        }
    }

    private static void attribute(Xml statement, String name, List<String> values) {
        Xml attribute = statement
                .child(ASSERTION, "Attribute")
                .with("Name", name)
                .with("NameFormat", "urn:oasis:names:tc:SAML:2.0:attrname-format:uri");
        values.forEach(
                value -> attribute.child(ASSERTION, "AttributeValue", value).ofTypeString());
    }
}
