package io.nacre.keystone;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import javax.xml.crypto.MarshalException;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.DigestMethod;
import javax.xml.crypto.dsig.SignatureMethod;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignatureException;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/** A SAML identity provider that says of ann whatever a test wants it to, and signs that. */
final class SamlIdp {
    static final String ENTITY = "https://corp.example/idp";
    private static final String PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol";
    private static final String ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion";
    private static final String RESPONSE = """
            <p:Response xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion"\
             ID="$RESPONSE" Version="2.0" IssueInstant="$NOW" Destination="$DESTINATION" InResponseTo="$REQUEST">\
            <a:Issuer>$ISSUER</a:Issuer>\
            <p:Status><p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></p:Status>\
            <a:Assertion ID="$ID" Version="2.0" IssueInstant="$NOW"><a:Issuer>$ISSUER</a:Issuer>\
            <a:Subject><a:NameID>$USER</a:NameID>\
            <a:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><a:SubjectConfirmationData\
             InResponseTo="$REQUEST" NotOnOrAfter="$END" Recipient="$RECIPIENT"/></a:SubjectConfirmation></a:Subject>\
            <a:Conditions NotBefore="$NOW" NotOnOrAfter="$END"><a:AudienceRestriction><a:Audience>$AUDIENCE</a:Audience>\
            </a:AudienceRestriction></a:Conditions>\
            <a:AuthnStatement AuthnInstant="$NOW"/>\
            <a:AttributeStatement><a:Attribute Name="uid"><a:AttributeValue>$USER</a:AttributeValue></a:Attribute>\
            </a:AttributeStatement></a:Assertion></p:Response>
            """;

    private final InstantSource clock;

    SamlIdp(InstantSource clock) {
        this.clock = clock;
    }

    /** What it was asked. */
    record Asked(String id, String issuer, String consumer, String destination) {
        static Asked of(byte[] document) {
            Document parsed = parsed(document);
            Element request = (Element)
                    parsed.getElementsByTagNameNS(PROTOCOL, "AuthnRequest").item(0);
            return new Asked(
                    request.getAttribute("ID"),
                    request.getElementsByTagNameNS(ASSERTION, "Issuer").item(0).getTextContent(),
                    request.getAttribute("AssertionConsumerServiceURL"),
                    request.getAttribute("Destination"));
        }

        /** By the address that a browser is sent to. */
        static Asked of(String address) {
            byte[] deflated = Base64.getDecoder().decode(query(address).get("SAMLRequest"));
            try (InflaterInputStream in =
                    new InflaterInputStream(new ByteArrayInputStream(deflated), new Inflater(true))) {
                return of(in.readAllBytes());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    static Map<String, String> query(String address) {
        return Arrays.stream(URI.create(address).getRawQuery().split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    }

    /** A response before it is signed. */
    String says(Asked asked, Map<String, String> otherwise) {
        Instant now = clock.instant();
        Map<String, String> said = new HashMap<>(Map.of(
                "RESPONSE",
                "_" + UUID.randomUUID(),
                "ID",
                "_" + UUID.randomUUID(),
                "NOW",
                now.toString(),
                "END",
                now.plusSeconds(300).toString(),
                "ISSUER",
                ENTITY,
                "USER",
                "ann",
                "REQUEST",
                asked.id(),
                "RECIPIENT",
                asked.consumer(),
                "DESTINATION",
                asked.consumer(),
                "AUDIENCE",
                asked.issuer()));
        said.putAll(otherwise);
        String response = RESPONSE;
        for (Map.Entry<String, String> each : said.entrySet()) {
            response = response.replace("\"$" + each.getKey() + "\"", "\"" + each.getValue() + "\"")
                    .replace(">$" + each.getKey() + "<", ">" + each.getValue() + "<");
        }
        return response;
    }

    String signed(String response, SamlKey key) {
        return signed(response, key, ASSERTION, "Assertion");
    }

    /** All of it, not the assertion by itself. */
    String signedWhole(String response, SamlKey key) {
        return signed(response, key, PROTOCOL, "Response");
    }

    private static String signed(String response, SamlKey key, String namespace, String name) {
        Document document = parsed(response.getBytes(StandardCharsets.UTF_8));
        Element signed =
                (Element) document.getElementsByTagNameNS(namespace, name).item(0);
        signed.setIdAttribute("ID", true);
        XMLSignatureFactory factory = XMLSignatureFactory.getInstance("DOM");
        try {
            var info = factory.newSignedInfo(
                    factory.newCanonicalizationMethod(CanonicalizationMethod.EXCLUSIVE, (C14NMethodParameterSpec) null),
                    factory.newSignatureMethod(SignatureMethod.RSA_SHA256, null),
                    List.of(factory.newReference(
                            "#" + signed.getAttribute("ID"),
                            factory.newDigestMethod(DigestMethod.SHA256, null),
                            List.of(
                                    factory.newTransform(Transform.ENVELOPED, (TransformParameterSpec) null),
                                    factory.newTransform(
                                            CanonicalizationMethod.EXCLUSIVE, (TransformParameterSpec) null)),
                            null,
                            null)));
            byte[] der =
                    Base64.getMimeDecoder().decode(Files.readString(key.key()).replaceAll("-----[A-Z ]*-----", ""));
            factory.newXMLSignature(info, null)
                    .sign(new DOMSignContext(
                            KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der)),
                            signed,
                            signed.getFirstChild().getNextSibling()));
            StringWriter out = new StringWriter();
            TransformerFactory.newDefaultInstance()
                    .newTransformer()
                    .transform(new DOMSource(document), new StreamResult(out));
            return out.toString();
        } catch (GeneralSecurityException
                | MarshalException
                | XMLSignatureException
                | TransformerException
                | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Document parsed(byte[] document) {
        try {
            return DocumentBuilderFactory.newDefaultNSInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(document));
        } catch (ParserConfigurationException | SAXException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
