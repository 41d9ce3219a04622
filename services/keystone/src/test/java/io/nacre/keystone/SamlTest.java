package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.nacre.database.Database;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** What this cloud says of its users to others, and whether others can believe it. */
@EveryEngine(migrations = "db/keystone")
class SamlTest {
    private static final String ENTITY = "https://cloud.example/v3/OS-FEDERATION/saml2/idp";
    private static final String SP_URL = "https://beta.example/Shibboleth.sso/SAML2/ECP";
    private static final String AUTH_URL =
            "https://beta.example/v3/OS-FEDERATION/identity_providers/us/protocols/saml2/auth";
    private static final String ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion";
    private static final String PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol";
    private static final String METADATA = "urn:oasis:names:tc:SAML:2.0:metadata";
    private static final String BETA = "/v3/OS-FEDERATION/service_providers/beta";
    private static final String SAML2 = "/v3/auth/OS-FEDERATION/saml2";

    @TempDir
    static Path made;

    private static SamlKey key;

    @TempDir
    Path keys;

    private final MutableClock clock = MutableClock.fixed();
    private Database database;
    private KeystoneServer cloud;
    private String admin;

    @BeforeAll
    static void makeKey() throws Exception {
        key = SamlKey.make(made, "idp");
    }

    @BeforeEach
    void start(Database database) {
        this.database = database;
        open(
                "saml.certfile=" + key.certificate(),
                "saml.keyfile=" + key.key(),
                "saml.idp_entity_id=" + ENTITY,
                "saml.idp_sso_endpoint=https://cloud.example/sso",
                "saml.organization.name=Cloud",
                "saml.organization.display_name=The Cloud",
                "saml.organization.url=https://cloud.example/",
                "saml.contact.company=Cloud Ltd",
                "saml.contact.name=Ann",
                "saml.contact.surname=Lee",
                "saml.contact.email=ann@cloud.example",
                "saml.contact.telephone=1",
                "saml.contact.type=technical",
                "saml.relay_state_prefix=rs:");
        cloud.put(
                admin,
                BETA,
                Map.of("service_provider", Map.of("sp_url", SP_URL, "auth_url", AUTH_URL, "enabled", true)));
    }

    private void open(String... options) {
        cloud = new KeystoneServer(database, keys, clock, options);
        admin = cloud.admin();
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private Answer ask(String path, String token, String serviceProvider) {
        return cloud.post(
                null,
                path,
                Map.of(
                        "auth",
                        Map.of(
                                "identity",
                                Map.of("methods", List.of("token"), "token", Map.of("id", token)),
                                "scope",
                                Map.of("service_provider", Map.of("id", serviceProvider)))));
    }

    private static Document parsed(Answer answer) throws Exception {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("text/xml");
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder()
                .parse(new ByteArrayInputStream(answer.response().body().getBytes(StandardCharsets.UTF_8)));
    }

    private static Element only(Document in, String namespace, String name) {
        NodeList found = in.getElementsByTagNameNS(namespace, name);
        assertThat(found.getLength()).as(name).isEqualTo(1);
        return (Element) found.item(0);
    }

    private static List<String> children(Element of) {
        List<String> names = new ArrayList<>();
        for (Node child = of.getFirstChild(); child != null; child = child.getNextSibling()) {
            names.add(child.getLocalName());
        }
        return names;
    }

    private static Map<String, List<String>> attributes(Document in) {
        Map<String, List<String>> all = new HashMap<>();
        NodeList found = in.getElementsByTagNameNS(ASSERTION, "Attribute");
        for (int i = 0; i < found.getLength(); i++) {
            Element attribute = (Element) found.item(i);
            NodeList values = attribute.getElementsByTagNameNS(ASSERTION, "AttributeValue");
            List<String> texts = new ArrayList<>();
            for (int j = 0; j < values.getLength(); j++) {
                texts.add(values.item(j).getTextContent());
            }
            all.put(attribute.getAttribute("Name"), texts);
        }
        return all;
    }

    /** As a service provider checks it: with the certificate that it knows, over the assertion and nothing else. */
    private boolean isSigned(Document response) throws Exception {
        Element assertion = only(response, ASSERTION, "Assertion");
        assertion.setIdAttribute("ID", true);
        Element signature = only(response, XMLSignature.XMLNS, "Signature");
        assertThat(signature.getParentNode()).isEqualTo(assertion);
        X509Certificate known = (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(Files.newInputStream(key.certificate()));
        DOMValidateContext context = new DOMValidateContext(known.getPublicKey(), signature);
        XMLSignature checked = XMLSignatureFactory.getInstance("DOM").unmarshalXMLSignature(context);
        assertThat(checked.getSignedInfo().getReferences())
                .singleElement()
                .satisfies(one -> assertThat(one.getURI()).isEqualTo("#" + assertion.getAttribute("ID")));
        return checked.validate(context);
    }

    @Test
    void aTokenBecomesAnAssertionThatOthersCanCheck() throws Exception {
        String group = cloud.make(admin, "/v3/groups", "group", Map.of("name", "sta<ff>"));
        String id = cloud.get(admin, "/v3/users?name=admin").each("users", "id").getFirst();
        cloud.put(admin, "/v3/groups/" + group + "/users/" + id, null);
        Answer answer = ask(SAML2, admin, "beta");
        Document response = parsed(answer);
        assertThat(answer.header("X-sp-url")).isEqualTo(SP_URL);
        assertThat(answer.header("X-auth-url")).isEqualTo(AUTH_URL);
        assertThat(isSigned(response)).isTrue();
        assertThat(response.getDocumentElement().getLocalName()).isEqualTo("Response");
        assertThat(children(response.getDocumentElement())).containsExactly("Issuer", "Status", "Assertion");
        assertThat(response.getDocumentElement().getAttribute("Destination")).isEqualTo(SP_URL);
        Element assertion = only(response, ASSERTION, "Assertion");
        assertThat(children(assertion))
                .containsExactly("Issuer", "Signature", "Subject", "AuthnStatement", "AttributeStatement");
        assertThat(assertion.getAttribute("IssueInstant")).isEqualTo("2026-01-02T03:04:05Z");
        Element confirmed = only(response, ASSERTION, "SubjectConfirmationData");
        assertThat(confirmed.getAttribute("Recipient")).isEqualTo(SP_URL);
        assertThat(confirmed.getAttribute("NotOnOrAfter")).isEqualTo("2026-01-02T04:04:05.000000Z");
        assertThat(only(response, ASSERTION, "NameID").getTextContent()).isEqualTo("admin");
        assertThat(attributes(response))
                .containsEntry("openstack_user", List.of("admin"))
                .containsEntry("openstack_user_domain", List.of("Default"))
                .containsEntry("openstack_project", List.of("admin"))
                .containsEntry("openstack_project_domain", List.of("Default"))
                .hasEntrySatisfying(
                        "openstack_roles", roles -> assertThat(roles).contains("admin", "member"))
                .hasEntrySatisfying(
                        "openstack_groups",
                        groups -> assertThat(groups)
                                .singleElement()
                                .asString()
                                .startsWith("JSON:{")
                                .contains("\"sta<ff>\"", "\"domain\":{\"name\":\"Default\"}"));
        only(response, ASSERTION, "NameID").setTextContent("somebody else");
        assertThat(isSigned(response)).isFalse();
    }

    @Test
    void anEnhancedClientGetsItInAnEnvelope() throws Exception {
        Document envelope = parsed(ask(SAML2 + "/ecp", admin, "beta"));
        String soap = "http://schemas.xmlsoap.org/soap/envelope/";
        assertThat(children(envelope.getDocumentElement())).containsExactly("Header", "Body");
        Element state = only(envelope, "urn:oasis:names:tc:SAML:2.0:profiles:SSO:ecp", "RelayState");
        assertThat(state.getTextContent()).matches("rs:[0-9a-f]{32}");
        assertThat(state.getAttributeNS(soap, "mustUnderstand")).isEqualTo("1");
        assertThat(state.getAttributeNS(soap, "actor")).isEqualTo("http://schemas.xmlsoap.org/soap/actor/next");
        assertThat(only(envelope, PROTOCOL, "Response").getParentNode()).isEqualTo(only(envelope, soap, "Body"));
        assertThat(isSigned(envelope)).isTrue();
    }

    @Test
    void onlyATokenForAProjectIsVouchedForAndOnlyBeforeThoseWhoAreKnown() {
        assertThat(ask(SAML2, admin, "gamma").status()).isEqualTo(404);
        assertThat(ask(SAML2, "no token", "beta").status()).isEqualTo(404);
        assertThat(ask(SAML2, cloud.systemAdmin(), "beta").status()).isEqualTo(403);
        assertThat(cloud.post(null, SAML2, Map.of("auth", Map.of("scope", Map.of())))
                        .status())
                .isEqualTo(400);
        assertThat(cloud.get(admin, SAML2).status()).isEqualTo(405);
        String user = cloud.make(admin, "/v3/users", "user", Map.of("name", "a\uFFFFb", "password", "pw"));
        String project = cloud.get(admin, "/v3/projects?name=admin")
                .each("projects", "id")
                .getFirst();
        cloud.grant(admin, project, user, cloud.role(admin, "member"));
        assertThat(ask(SAML2, cloud.token("a\uFFFFb", "pw", KeystoneServer.project("admin")), "beta")
                        .status())
                .isEqualTo(400);
        cloud.patch(admin, BETA, Map.of("service_provider", Map.of("enabled", false)));
        assertThat(ask(SAML2, admin, "beta").status()).isEqualTo(403);
        assertThat(ask(SAML2 + "/ecp", admin, "beta").status()).isEqualTo(403);
    }

    @Test
    void theMetadataTellWhoWeAreAndWhatWeSignWith() throws Exception {
        Document metadata = parsed(cloud.get(null, "/v3/OS-FEDERATION/saml2/metadata"));
        Element root = metadata.getDocumentElement();
        assertThat(root.getAttribute("entityID")).isEqualTo(ENTITY);
        assertThat(children(root)).containsExactly("IDPSSODescriptor", "Organization", "ContactPerson");
        assertThat(children(only(metadata, METADATA, "IDPSSODescriptor")))
                .containsExactly("KeyDescriptor", "NameIDFormat", "SingleSignOnService");
        byte[] told = Base64.getDecoder()
                .decode(only(metadata, XMLSignature.XMLNS, "X509Certificate").getTextContent());
        assertThat(told)
                .isEqualTo(CertificateFactory.getInstance("X.509")
                        .generateCertificate(Files.newInputStream(key.certificate()))
                        .getEncoded());
        assertThat(only(metadata, METADATA, "ContactPerson").getAttribute("contactType"))
                .isEqualTo("technical");
        assertThat(only(metadata, METADATA, "OrganizationDisplayName").getTextContent())
                .isEqualTo("The Cloud");
        assertThat(only(metadata, METADATA, "SingleSignOnService").getAttribute("Location"))
                .isEqualTo("https://cloud.example/sso");
    }

    @Test
    void whoHasNoKeySaysSo() throws Exception {
        cloud.close();
        open();
        Logger logger = (Logger) LoggerFactory.getLogger("nacre.http");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        Answer metadata = cloud.get(null, "/v3/OS-FEDERATION/saml2/metadata");
        logger.detachAppender(log);
        assertThat(metadata.status()).isEqualTo(500);
        assertThat(metadata.json().at("/error/message").asString())
                .isEqualTo("An unexpected error prevented the server from fulfilling your request.");
        assertThat(log.list).singleElement().satisfies(line -> {
            assertThat(line.getFormattedMessage()).contains("/saml2/metadata", "idp_entity_id is not set");
            assertThat(line.getThrowableProxy()).isNull();
        });
        assertThat(ask(SAML2, admin, "beta").status()).isEqualTo(500);
        cloud.close();
        Path broken = Files.writeString(keys.resolve("broken"), "none");
        open("saml.certfile=" + broken, "saml.keyfile=" + broken, "saml.idp_entity_id=" + ENTITY);
        Answer answer = ask(SAML2, admin, "beta");
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.response().body()).doesNotContain(broken.toString());
    }
}
