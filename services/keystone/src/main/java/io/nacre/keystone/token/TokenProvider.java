package io.nacre.keystone.token;

/** What tokens are. */
public enum TokenProvider {
    /** Sealed with a key that only keystone has. */
    FERNET,
    /** Signed, so that everybody can read them and whoever has the public key can tell that they are genuine. */
    JWS
}
