package io.nacre.keystone.saml.consumer;

import io.nacre.base.Json;
import io.nacre.keystone.fernet.Sealing;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an enhanced client has been asked to find out. It keeps it, sealed, as its relay state, so that any controller knows
 * what its answer belongs to.
 *
 * @param request the identifier of the request
 * @param end seconds of the epoch
 */
record AskedClient(String request, String providerId, String protocolId, long end) {

    String sealed(Sealing sealing) {
        return sealing.seal(Json.write(this));
    }

    /** Empty for a relay state that is of something else. */
    static Optional<AskedClient> opened(Sealing sealing, @Nullable String relayState, Instant now) {
        return Optional.ofNullable(relayState)
                .flatMap(text -> sealing.find(text.strip(), AskedClient.class))
                .filter(asked -> now.getEpochSecond() < asked.end());
    }

    boolean isFor(String provider, String protocol) {
        return providerId.equals(provider) && protocolId.equals(protocol);
    }
}
