package io.nacre.keystone.saml;

import static io.nacre.keystone.saml.Xml.Vocabulary.METADATA;
import static io.nacre.keystone.saml.Xml.Vocabulary.SIGNATURE;

import io.nacre.base.Fault;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What this cloud publishes of itself as an identity provider, from the settings. */
final class Metadata {
    private final SamlConfig config;
    private final SigningKey key;

    Metadata(SamlConfig config, SigningKey key) {
        this.config = config;
        this.key = key;
    }

    /** Faults with INTERNAL when the settings lack something that it must say. */
    byte[] bytes() {
        Xml root = Xml.root(METADATA, "EntityDescriptor").with("entityID", entityId(config));
        Xml provider = root.child(METADATA, "IDPSSODescriptor")
                .with("protocolSupportEnumeration", Xml.Vocabulary.PROTOCOL.namespace);
        provider.child(METADATA, "KeyDescriptor")
                .with("use", "signing")
                .child(SIGNATURE, "KeyInfo")
                .child(SIGNATURE, "X509Data")
                .child(SIGNATURE, "X509Certificate", key.certificateText());
        provider.child(METADATA, "NameIDFormat", "urn:oasis:names:tc:SAML:2.0:nameid-format:transient");
        provider.child(METADATA, "SingleSignOnService")
                .with("Binding", "urn:oasis:names:tc:SAML:2.0:bindings:URI")
                .with("Location", set("idp_sso_endpoint", config.idpSsoEndpoint()));
        organization(root, config.organization());
        contact(root, config.contact());
        return root.bytes();
    }

    static String entityId(SamlConfig config) {
        return set("idp_entity_id", config.idpEntityId());
    }

    private static String set(String option, @Nullable String value) {
        if (value == null) {
            throw Fault.internal("This cloud vouches for nobody: [keystone.saml] " + option + " is not set.");
        }
        return value;
    }

    private void organization(Xml root, SamlConfig.Organization of) {
        if (of.name() != null && of.displayName() != null && of.url() != null) {
            Xml organization = root.child(METADATA, "Organization");
            organization.child(METADATA, "OrganizationName", of.name()).inLanguage(config.idpLang());
            organization
                    .child(METADATA, "OrganizationDisplayName", of.displayName())
                    .inLanguage(config.idpLang());
            organization.child(METADATA, "OrganizationURL", of.url()).inLanguage(config.idpLang());
        }
    }

    private static void contact(Xml root, SamlConfig.Contact of) {
        boolean whole = Stream.of(of.company(), of.name(), of.surname(), of.email(), of.telephone())
                .allMatch(Objects::nonNull);
        if (whole) {
            Xml contact = root.child(METADATA, "ContactPerson")
                    .with("contactType", of.type().name().toLowerCase(Locale.ROOT));
            contact.child(METADATA, "Company", String.valueOf(of.company()));
            contact.child(METADATA, "GivenName", String.valueOf(of.name()));
            contact.child(METADATA, "SurName", String.valueOf(of.surname()));
            contact.child(METADATA, "EmailAddress", String.valueOf(of.email()));
            contact.child(METADATA, "TelephoneNumber", String.valueOf(of.telephone()));
        }
    }
}
