package io.nacre.keystone.saml;

import io.nacre.config.Doc;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Options of [keystone.saml]. */
public record SamlConfig(
        @Doc("File of the certificate (PEM) with which others check what this cloud says of its users.") @Nullable
        Path certfile,

        @Doc("File of the certificate's RSA key (PEM, PKCS #8, not encrypted).") @Nullable
        Path keyfile,

        @Doc("What this cloud is called as an identity provider: a URI. Without it, nothing is said of users.")
        @Nullable
        String idpEntityId,

        @Doc("Where browsers are sent to log in; for the metadata alone.") @Nullable
        String idpSsoEndpoint,

        @Doc("The language of the organization's names.") String idpLang,

        @Doc("For how long an assertion is good; never longer than the token it is made with.")
        Duration assertionExpirationTime,

        @Doc("What comes before the relay state of service providers that are made without one of their own.")
        String relayStatePrefix,

        @Doc("Who runs this cloud; in the metadata when all of it is there.")
        Organization organization,

        @Doc("Whom to ask; in the metadata when all of it is there.")
        Contact contact) {

    /** Options of [keystone.saml.organization]. */
    public record Organization(
            @Doc("Its name.") @Nullable String name,
            @Doc("Its name for people.") @Nullable String displayName,
            @Doc("Where it is to be read of.") @Nullable String url) {}

    /** Options of [keystone.saml.contact]. */
    public record Contact(
            @Doc("The company.") @Nullable String company,
            @Doc("The given name.") @Nullable String name,
            @Doc("The surname.") @Nullable String surname,
            @Doc("The email address.") @Nullable String email,
            @Doc("The telephone number.") @Nullable String telephone,

            @Doc("Who it is: technical, support, administrative, billing or other.")
            ContactType type) {}

    /** As the metadata have it. */
    public enum ContactType {
        TECHNICAL,
        SUPPORT,
        ADMINISTRATIVE,
        BILLING,
        OTHER
    }

    public static final SamlConfig DEFAULT = new SamlConfig(
            null,
            null,
            null,
            null,
            "en",
            Duration.ofHours(1),
            "ss:mem:",
            new Organization(null, null, null),
            new Contact(null, null, null, null, null, ContactType.OTHER));

    public SamlConfig {
        if (assertionExpirationTime.isNegative() || assertionExpirationTime.isZero()) {
            throw new IllegalArgumentException("assertion_expiration_time must be positive");
        }
        if (relayStatePrefix.length() > 256) {
            throw new IllegalArgumentException("relay_state_prefix must not be longer than 256 characters");
        }
    }
}
