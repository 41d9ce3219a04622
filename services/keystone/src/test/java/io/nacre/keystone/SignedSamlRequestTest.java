package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.config.InvalidSettings;
import io.nacre.database.Database;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.EveryEngine;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** SAML identity providers that want to know who asks. */
@EveryEngine(migrations = "db/keystone")
class SignedSamlRequestTest {
    private static final String CORP = "/v3/OS-FEDERATION/identity_providers/corp";

    @TempDir
    Path keys;

    private Database database;
    private SamlKey ours;
    private SamlKey theirs;

    @BeforeEach
    void makeKeys(Database database) throws Exception {
        this.database = database;
        ours = SamlKey.make(keys, "ours");
        theirs = SamlKey.make(keys, "theirs");
    }

    private KeystoneServer cloud(String... more) {
        List<String> options = new ArrayList<>(List.of(
                "federation.trusted_dashboard=https://dash.example/",
                "federation.saml.corp.entity_id=" + SamlIdp.ENTITY,
                "federation.saml.corp.certfile=" + theirs.certificate(),
                "federation.saml.corp.audience=https://cloud.example/sp",
                "federation.saml.corp.sso_url=https://corp.example/sso",
                "federation.saml.corp.sign_requests=true"));
        options.addAll(List.of(more));
        KeystoneServer cloud =
                new KeystoneServer(database, keys, InstantSource.system(), options.toArray(String[]::new));
        String admin = cloud.admin();
        cloud.put(admin, CORP, Map.of("identity_provider", Map.of("enabled", true)));
        cloud.put(admin, "/v3/OS-FEDERATION/mappings/map", """
                {"mapping": {"rules": [
                  {"local": [{"user": {"name": "{0}"}}], "remote": [{"type": "MELLON_uid"}]}]}}
                """);
        cloud.put(admin, CORP + "/protocols/saml2", Map.of("protocol", Map.of("mapping_id", "map")));
        return cloud;
    }

    private PublicKey key() throws Exception {
        return CertificateFactory.getInstance("X.509")
                .generateCertificate(Files.newInputStream(ours.certificate()))
                .getPublicKey();
    }

    @Test
    void theyCanTellByTheSignature() throws Exception {
        try (KeystoneServer cloud = cloud("saml.certfile=" + ours.certificate(), "saml.keyfile=" + ours.key())) {
            String address = cloud.get(
                            null,
                            "/v3/auth/OS-FEDERATION/identity_providers/corp/protocols/saml2/websso?origin="
                                    + "https://dash.example/")
                    .header("Location");
            String query = URI.create(address).getRawQuery();
            assertThat(Arrays.stream(query.split("&", -1)).map(pair -> pair.split("=", -1)[0]))
                    .containsExactly("SAMLRequest", "RelayState", "SigAlg", "Signature");
            Map<String, String> sent = SamlIdp.query(address);
            assertThat(sent.get("SigAlg")).isEqualTo("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256");
            Signature check = Signature.getInstance("SHA256withRSA");
            check.initVerify(key());
            check.update(query.substring(0, query.indexOf("&Signature=")).getBytes(StandardCharsets.US_ASCII));
            assertThat(check.verify(Base64.getDecoder().decode(sent.get("Signature"))))
                    .isTrue();

            Answer envelope = cloud.send(
                    "GET",
                    CORP + "/protocols/saml2/auth",
                    null,
                    null,
                    Map.of(
                            "Accept",
                            "application/vnd.paos+xml",
                            "PAOS",
                            "ver=\"urn:liberty:paos:2003-08\";\"urn:oasis:names:tc:SAML:2.0:profiles:SSO:ecp\""));
            assertThat(isSigned(envelope.response().body())).isTrue();
            assertThat(isSigned(envelope.response().body().replace("AllowCreate=\"true\"", "AllowCreate=\"false\"")))
                    .isFalse();
        }
    }

    private boolean isSigned(String envelope) throws Exception {
        Document document = DocumentBuilderFactory.newDefaultNSInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(envelope.getBytes(StandardCharsets.UTF_8)));
        Element request =
                (Element) document.getElementsByTagNameNS("urn:oasis:names:tc:SAML:2.0:protocol", "AuthnRequest")
                        .item(0);
        request.setIdAttribute("ID", true);
        Element signature = (Element)
                request.getElementsByTagNameNS(XMLSignature.XMLNS, "Signature").item(0);
        // Where the schema of SAML has it.
        assertThat(signature.getPreviousSibling().getLocalName()).isEqualTo("Issuer");
        DOMValidateContext context = new DOMValidateContext(key(), signature);
        return XMLSignatureFactory.getInstance("DOM")
                .unmarshalXMLSignature(context)
                .validate(context);
    }

    @Test
    void settingsThatDoNotGoTogetherStartNothing() {
        refused("sign_requests needs");
        refused(
                "sso_url needs an audience",
                "federation.saml.other.entity_id=https://other.example",
                "federation.saml.other.certfile=" + theirs.certificate(),
                "federation.saml.other.sso_url=https://other.example/sso");
        refused(
                "not in both: corp",
                "federation.openid.corp.issuer=https://corp.example",
                "federation.openid.corp.client_id=nacre");
    }

    private void refused(String why, String... more) {
        assertThatThrownBy(() -> cloud(more))
                .isInstanceOf(InvalidSettings.class)
                .hasMessageContaining(why);
    }
}
