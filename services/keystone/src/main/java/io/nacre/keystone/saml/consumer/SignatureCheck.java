package io.nacre.keystone.saml.consumer;

import static io.nacre.keystone.saml.consumer.SamlDocument.refused;

import io.nacre.keystone.auth.Authorizations;
import java.security.PublicKey;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.xml.crypto.MarshalException;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.SignatureMethod;
import javax.xml.crypto.dsig.SignedInfo;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureException;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * Whether an element is signed, all of it and nothing else. A document can hold a signed element that nobody reads beside
 * an unsigned one that somebody does; so the signature must be a child of the element that is read, with one reference to
 * an identifier that the document has once, and no transformation that could leave anything out.
 */
final class SignatureCheck {
    private static final Set<String> METHODS = Set.of(
            SignatureMethod.RSA_SHA256,
            SignatureMethod.RSA_SHA384,
            SignatureMethod.RSA_SHA512,
            SignatureMethod.ECDSA_SHA256,
            SignatureMethod.ECDSA_SHA384,
            SignatureMethod.ECDSA_SHA512);
    private static final List<List<String>> TRANSFORMS =
            List.of(List.of(Transform.ENVELOPED, CanonicalizationMethod.EXCLUSIVE), List.of(Transform.ENVELOPED));
    private static final Set<String> IDENTIFIERS = Set.of("id", "xml:id");

    private SignatureCheck() {}

    /** Faults with UNAUTHENTICATED unless the element is signed with one of the keys. What the document says of keys is nothing. */
    static void require(Element signed, Collection<PublicKey> keys) {
        String id = signed.getAttribute("ID");
        if (id.isEmpty() || count(signed.getOwnerDocument(), id) != 1) {
            throw refused("its identifier is missing or not unique");
        }
        signed.setIdAttribute("ID", true);
        Element signature = SamlDocument.only(signed, XMLSignature.XMLNS, "Signature");
        for (PublicKey key : keys) {
            if (isSigned(signed, signature, key)) {
                return;
            }
        }
        throw refused("it is not signed with a key that is known");
    }

    private static boolean isSigned(Element signed, Element signature, PublicKey key) {
        DOMValidateContext context = new DOMValidateContext(key, signature);
        context.setProperty("org.jcp.xml.dsig.secureValidation", true);
        context.setIdAttributeNS(signed, null, "ID");
        try {
            XMLSignature read = XMLSignatureFactory.getInstance("DOM").unmarshalXMLSignature(context);
            requireOverAll(read, signed.getAttribute("ID"));
            return read.validate(context);
        } catch (MarshalException e) {
            throw Authorizations.denied(e);
        } catch (XMLSignatureException e) {
            // A key of another kind is not the one.
            return false;
        }
    }

    private static void requireOverAll(XMLSignature signature, String id) {
        SignedInfo info = signature.getSignedInfo();
        if (!info.getCanonicalizationMethod().getAlgorithm().equals(CanonicalizationMethod.EXCLUSIVE)
                || !METHODS.contains(info.getSignatureMethod().getAlgorithm())
                || !signature.getObjects().isEmpty()
                || info.getReferences().size() != 1) {
            throw refused("its signature is of another form");
        }
        Reference reference = info.getReferences().getFirst();
        List<String> transforms =
                reference.getTransforms().stream().map(Transform::getAlgorithm).toList();
        if (!("#" + id).equals(reference.getURI()) || !TRANSFORMS.contains(transforms)) {
            throw refused("its signature is about something else");
        }
    }

    /** How often anything is called so. */
    private static int count(Document in, String id) {
        NodeList elements = in.getElementsByTagName("*");
        int count = 0;
        for (int i = 0; i < elements.getLength(); i++) {
            for (int j = 0; j < elements.item(i).getAttributes().getLength(); j++) {
                Node attribute = elements.item(i).getAttributes().item(j);
                if (IDENTIFIERS.contains(attribute.getNodeName().toLowerCase(Locale.ROOT))
                        && id.equals(attribute.getNodeValue())) {
                    count++;
                }
            }
        }
        return count;
    }
}
