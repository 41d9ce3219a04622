package io.nacre.keystone.auth;

import java.io.ByteArrayInputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/** A certificate that whoever tells us of it has verified. */
public record ClientCertificate(X509Certificate certificate) {
    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
    private static final String END = "-----END CERTIFICATE-----";
    private static final Map<String, String> MORE_NAMES = Map.of("1.2.840.113549.1.9.1", "EMAILADDRESS");

    /**
     * Faults with UNAUTHENTICATED for anything else.
     *
     * @param text PEM, its lines parted by any white space, or the same percent-encoded as nginx's
     *     {@code $ssl_client_escaped_cert}; or DER in Base64, as HAProxy's {@code ssl_c_der,base64}
     */
    static ClientCertificate of(String text) {
        try {
            String plain =
                    text.indexOf('%') < 0 ? text : URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
            byte[] der = Base64.getDecoder()
                    .decode(plain.replace(BEGIN, "").replace(END, "").replaceAll("\\s", ""));
            if (CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der))
                    instanceof X509Certificate certificate) {
                return new ClientCertificate(certificate);
            }
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw Authorizations.denied(e);
        }
        throw Authorizations.denied();
    }

    /** Of the PEM text, and with padding: not RFC 8705's of the DER bytes, but what keystone and its middleware compare. */
    public String thumbprint() {
        try {
            Base64.Encoder lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
            String pem = BEGIN + "\n" + lines.encodeToString(certificate.getEncoded()) + "\n" + END + "\n";
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(pem.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().encodeToString(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate has no thumbprint", e);
        }
    }

    /** What its names say, as mappings know it: {@code SSL_CLIENT_SUBJECT_DN_CN}, {@code SSL_CLIENT_ISSUER_DN_O}. */
    public Map<String, String> names() {
        Map<String, String> names = new LinkedHashMap<>();
        put(names, "SSL_CLIENT_SUBJECT_DN_", certificate.getSubjectX500Principal());
        put(names, "SSL_CLIENT_ISSUER_DN_", certificate.getIssuerX500Principal());
        return names;
    }

    private static void put(Map<String, String> names, String prefix, X500Principal name) {
        try {
            for (Rdn rdn : new LdapName(name.getName(X500Principal.RFC2253, MORE_NAMES)).getRdns()) {
                NamingEnumeration<? extends Attribute> parts =
                        rdn.toAttributes().getAll();
                while (parts.hasMore()) {
                    Attribute part = parts.next();
                    if (part.get() instanceof String value) {
                        names.put(prefix + part.getID().toUpperCase(Locale.ROOT), value);
                    }
                }
            }
        } catch (NamingException e) {
            throw Authorizations.denied(e);
        }
    }
}
