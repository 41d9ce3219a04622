package io.nacre.keystone.saml;

import io.nacre.base.Fault;
import java.io.ByteArrayOutputStream;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** An element of a document that is being built. */
public record Xml(Element element) {
    /** A vocabulary and the prefix that its names are given. */
    public enum Vocabulary {
        ASSERTION("saml", "urn:oasis:names:tc:SAML:2.0:assertion"),
        PROTOCOL("samlp", "urn:oasis:names:tc:SAML:2.0:protocol"),
        METADATA("md", "urn:oasis:names:tc:SAML:2.0:metadata"),
        SIGNATURE("ds", "http://www.w3.org/2000/09/xmldsig#"),
        ENVELOPE("soap", "http://schemas.xmlsoap.org/soap/envelope/"),
        ECP("ecp", "urn:oasis:names:tc:SAML:2.0:profiles:SSO:ecp"),
        PAOS("paos", "urn:liberty:paos:2003-08");

        public final String prefix;
        public final String namespace;

        Vocabulary(String prefix, String namespace) {
            this.prefix = prefix;
            this.namespace = namespace;
        }

        private String qualified(String name) {
            return prefix + ":" + name;
        }
    }

    /** What XML 1.0 has no place for. */
    private static final Pattern UNSPEAKABLE =
            Pattern.compile("[^\\t\\n\\r\\x20-\\x{D7FF}\\x{E000}-\\x{FFFD}\\x{10000}-\\x{10FFFF}]");

    public static Xml root(Vocabulary of, String name) {
        try {
            Document document = DocumentBuilderFactory.newDefaultNSInstance()
                    .newDocumentBuilder()
                    .newDocument();
            Element element = document.createElementNS(of.namespace, of.qualified(name));
            document.appendChild(element);
            return new Xml(element).declaring(of);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }

    public Xml child(Vocabulary of, String name) {
        Element child = document().createElementNS(of.namespace, of.qualified(name));
        boolean known = of.namespace.equals(element.lookupNamespaceURI(of.prefix));
        element.appendChild(child);
        return known ? new Xml(child) : new Xml(child).declaring(of);
    }

    /** What is signed is the declaration as well, so it must be there before the document is written. */
    private Xml declaring(Vocabulary of) {
        return declaring(of.prefix, of.namespace);
    }

    private Xml declaring(String prefix, String namespace) {
        element.setAttributeNS(XMLConstants.XMLNS_ATTRIBUTE_NS_URI, "xmlns:" + prefix, namespace);
        return this;
    }

    /** Faults with INVALID when the text cannot be written in XML. */
    public Xml child(Vocabulary of, String name, String text) {
        Xml child = child(of, name);
        child.element.appendChild(document().createTextNode(speakable(text)));
        return child;
    }

    public Xml with(String attribute, String value) {
        element.setAttribute(attribute, speakable(value));
        return this;
    }

    /** @param of declared further up */
    public Xml with(Vocabulary of, String attribute, String value) {
        element.setAttributeNS(of.namespace, of.qualified(attribute), speakable(value));
        return this;
    }

    Xml inLanguage(String language) {
        element.setAttributeNS(XMLConstants.XML_NS_URI, "xml:lang", speakable(language));
        return this;
    }

    /** A header that whoever gets the envelope must understand. */
    public Xml forReceiver() {
        return with(Vocabulary.ENVELOPE, "actor", "http://schemas.xmlsoap.org/soap/actor/next")
                .with(Vocabulary.ENVELOPE, "mustUnderstand", "1");
    }

    /** Says that the content is a string of XML Schema. */
    Xml ofTypeString() {
        declaring("xs", XMLConstants.W3C_XML_SCHEMA_NS_URI);
        declaring("xsi", XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI);
        element.setAttributeNS(XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI, "xsi:type", "xs:string");
        return this;
    }

    private Document document() {
        return Objects.requireNonNull(element.getOwnerDocument());
    }

    private static String speakable(String text) {
        if (UNSPEAKABLE.matcher(text).find()) {
            throw Fault.invalid("A name has characters that cannot be written in XML.");
        }
        return text;
    }

    /** The whole document, in UTF-8. */
    public byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(4096);
        try {
            TransformerFactory.newDefaultInstance()
                    .newTransformer()
                    .transform(new DOMSource(document()), new StreamResult(out));
        } catch (TransformerException e) {
            throw new IllegalStateException(e);
        }
        return out.toByteArray();
    }
}
