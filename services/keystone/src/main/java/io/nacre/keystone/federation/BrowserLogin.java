package io.nacre.keystone.federation;

import io.nacre.base.Json;
import io.nacre.keystone.auth.Authorizations;
import io.nacre.keystone.fernet.Sealing;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A login that a browser has begun and the identity provider has not answered yet. It is kept by the browser, sealed, so
 * that any controller can go on with it and no other browser can.
 *
 * @param state comes back with the provider's answer
 * @param nonce comes back in what the provider signs
 * @param verifier what an OpenID Connect provider's challenge was made of (RFC 7636)
 * @param origin the dashboard that gets the token
 * @param end seconds of the epoch
 */
public record BrowserLogin(
        String state, String nonce, String verifier, String providerId, String protocolId, String origin, long end) {

    String sealed(Sealing sealing) {
        return sealing.seal(Json.write(this));
    }

    /** Faults with UNAUTHENTICATED unless this browser began the login, with this provider, and not too long ago. */
    static BrowserLogin opened(Sealing sealing, @Nullable String cookie, String providerId, String state, Instant now) {
        if (cookie == null) {
            throw Authorizations.denied();
        }
        BrowserLogin login = sealing.find(cookie, BrowserLogin.class).orElseThrow(Authorizations::denied);
        boolean same = MessageDigest.isEqual(
                login.state().getBytes(StandardCharsets.UTF_8), state.getBytes(StandardCharsets.UTF_8));
        if (!same || !login.providerId().equals(providerId) || now.getEpochSecond() >= login.end()) {
            throw Authorizations.denied();
        }
        return login;
    }
}
