package io.nacre.keystone.saml.consumer;

import io.nacre.keystone.auth.Authorizations;
import io.nacre.keystone.saml.Xml;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/** Reads documents of strangers: no document type, no entities, nothing fetched, not deep. Elements are found by path. */
final class SamlDocument {
    static final String ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion";
    static final String PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol";
    private static final String ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/";
    static final int LARGEST = 128 * 1024;
    private static final String DEEPEST = "64";

    private SamlDocument() {}

    /**
     * A response and what came with it.
     *
     * @param relayState of an enhanced client; null for none
     */
    record Message(Element response, @Nullable String relayState) {}

    /** The response in the document, or in the envelope that the document is; faults with UNAUTHENTICATED for others. */
    static Message message(byte[] bytes) {
        Element root = parsed(bytes).getDocumentElement();
        if (is(root, ENVELOPE, "Envelope")) {
            return new Message(only(only(root, ENVELOPE, "Body"), PROTOCOL, "Response"), relayState(root));
        }
        if (!is(root, PROTOCOL, "Response")) {
            throw refused("no response");
        }
        return new Message(root, null);
    }

    private static @Nullable String relayState(Element envelope) {
        return all(envelope, ENVELOPE, "Header").stream()
                .flatMap(header -> all(header, Xml.Vocabulary.ECP.namespace, "RelayState").stream())
                .map(Element::getTextContent)
                .findFirst()
                .orElse(null);
    }

    private static Document parsed(byte[] bytes) {
        if (bytes.length > LARGEST) {
            throw refused("it is longer than " + LARGEST + " bytes");
        }
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
            factory.setAttribute("jdk.xml.maxElementDepth", DEEPEST);
            factory.setXIncludeAware(false);
            factory.setExpandEntityReferences(false);
            DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(new DefaultHandler());
            return builder.parse(new ByteArrayInputStream(bytes));
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        } catch (SAXException | IOException e) {
            throw Authorizations.denied(e);
        }
    }

    static boolean is(Element element, String namespace, String name) {
        return namespace.equals(element.getNamespaceURI()) && name.equals(element.getLocalName());
    }

    /** The children of this name. */
    static List<Element> all(Element parent, String namespace, String name) {
        List<Element> found = new ArrayList<>();
        for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element element && is(element, namespace, name)) {
                found.add(element);
            }
        }
        return found;
    }

    /** The only child of this name; faults with UNAUTHENTICATED when there is none or there are several. */
    static Element only(Element parent, String namespace, String name) {
        List<Element> found = all(parent, namespace, name);
        if (found.size() != 1) {
            throw refused(found.size() + " of " + name);
        }
        return found.getFirst();
    }

    /** Null when there is no such attribute. */
    static @Nullable String attribute(Element of, String name) {
        return of.hasAttribute(name) ? of.getAttribute(name) : null;
    }

    static RuntimeException refused(String why) {
        return Authorizations.denied(new IllegalArgumentException("a SAML response is refused: " + why));
    }
}
