package io.nacre.keystone.saml;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.crypto.MarshalException;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.DigestMethod;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.SignatureMethod;
import javax.xml.crypto.dsig.SignedInfo;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignatureException;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.keyinfo.KeyInfo;
import javax.xml.crypto.dsig.keyinfo.KeyInfoFactory;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import org.jspecify.annotations.Nullable;

/** What assertions, and questions to others, are signed with. The files are read each time, so that a new key is in force at once. */
public final class SigningKey {
    private static final Pattern PKCS8 =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private final SamlConfig config;

    public SigningKey(SamlConfig config) {
        this.config = config;
    }

    /** The certificate, DER in base 64. Faults with INTERNAL when it is not set or cannot be read. */
    String certificateText() {
        try {
            return Base64.getEncoder().encodeToString(certificate().getEncoded());
        } catch (GeneralSecurityException e) {
            throw unusable("certfile", e);
        }
    }

    private X509Certificate certificate() {
        byte[] bytes = read("certfile", config.certfile());
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
        } catch (GeneralSecurityException e) {
            throw unusable("certfile", e);
        }
    }

    private PrivateKey key() {
        Matcher pem = PKCS8.matcher(new String(read("keyfile", config.keyfile()), StandardCharsets.US_ASCII));
        if (!pem.find()) {
            throw unusable("keyfile", new IllegalArgumentException("no PRIVATE KEY is in it"));
        }
        try {
            return KeyFactory.getInstance("RSA")
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1))));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw unusable("keyfile", e);
        }
    }

    private static byte[] read(String option, @Nullable Path file) {
        if (file == null) {
            throw Fault.internal("This cloud vouches for nobody: [keystone.saml] " + option + " is not set.");
        }
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw unusable(option, e);
        }
    }

    private static FaultException unusable(String option, Exception cause) {
        return Fault.internal("The file of [keystone.saml] " + option + " cannot be used.")
                .because(cause);
    }

    /**
     * Puts a signature into the element, over all of it.
     *
     * @param id of the element
     * @param before the child that the signature comes before
     */
    public void sign(Xml signed, String id, Xml before) {
        signed.element().setIdAttribute("ID", true);
        XMLSignatureFactory factory = XMLSignatureFactory.getInstance("DOM");
        try {
            Reference reference = factory.newReference(
                    "#" + id,
                    factory.newDigestMethod(DigestMethod.SHA256, null),
                    List.of(
                            factory.newTransform(Transform.ENVELOPED, (TransformParameterSpec) null),
                            factory.newTransform(CanonicalizationMethod.EXCLUSIVE, (TransformParameterSpec) null)),
                    null,
                    null);
            SignedInfo info = factory.newSignedInfo(
                    factory.newCanonicalizationMethod(CanonicalizationMethod.EXCLUSIVE, (C14NMethodParameterSpec) null),
                    factory.newSignatureMethod(SignatureMethod.RSA_SHA256, null),
                    List.of(reference));
            KeyInfoFactory keys = factory.getKeyInfoFactory();
            KeyInfo certificate = keys.newKeyInfo(List.of(keys.newX509Data(List.of(certificate()))));
            DOMSignContext context = new DOMSignContext(key(), signed.element(), before.element());
            context.setDefaultNamespacePrefix(Xml.Vocabulary.SIGNATURE.prefix);
            factory.newXMLSignature(info, certificate).sign(context);
        } catch (GeneralSecurityException | MarshalException | XMLSignatureException e) {
            throw unable(e);
        }
    }

    /** The signature of bytes, by RSA and SHA-256. */
    public byte[] signature(byte[] bytes) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key());
            signature.update(bytes);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw unable(e);
        }
    }

    private static FaultException unable(Exception cause) {
        return Fault.internal("This cloud cannot sign what it says in SAML.").because(cause);
    }
}
