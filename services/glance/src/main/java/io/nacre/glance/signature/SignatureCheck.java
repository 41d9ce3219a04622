package io.nacre.glance.signature;

import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;

/** Watches data go by and says whether it is what was signed. */
public final class SignatureCheck {
    private final Signature verifier;
    private final byte[] signature;

    SignatureCheck(Signature verifier, PublicKey key, byte[] signature) throws InvalidKeyException {
        this.verifier = verifier;
        this.signature = signature;
        verifier.initVerify(key);
    }

    public void feed(byte[] bytes, int offset, int length) {
        try {
            verifier.update(bytes, offset, length);
        } catch (SignatureException e) {
            throw new IllegalStateException("a verifier that is not ready", e);
        }
    }

    /** Faults with INVALID when it is not. */
    public void finish() {
        boolean good;
        try {
            good = verifier.verify(signature);
        } catch (SignatureException e) {
            throw Signatures.refused("Signature verification failed").because(e);
        }
        if (!good) {
            throw Signatures.refused("Signature verification failed");
        }
    }
}
