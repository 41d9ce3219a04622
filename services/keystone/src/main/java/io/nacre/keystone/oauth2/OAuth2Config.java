package io.nacre.keystone.oauth2;

import io.nacre.config.Doc;

/** Options of [keystone.oauth2]. */
public record OAuth2Config(
        @Doc(
                "The header in which a proxy says with which certificate a client has come: PEM, percent-encoded or not, or"
                        + " DER in Base64. The proxy must have verified it, and take the header away from what clients send. Empty"
                        + " for no such proxy.")
        String clientCertificateHeader,

        @Doc("The mapping that makes a user of what a certificate's names say.")
        String certDnMappingId) {

    public static final OAuth2Config DEFAULT = new OAuth2Config("", "oauth2_mapping");
}
