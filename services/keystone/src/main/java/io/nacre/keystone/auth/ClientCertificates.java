package io.nacre.keystone.auth;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Tells with which certificate a client has come, from the header in which a trusted proxy says so. */
public final class ClientCertificates {
    private final String header;

    /** @param header empty for no such proxy: then nobody comes with a certificate */
    public ClientCertificates(String header) {
        this.header = header;
    }

    /** Faults with UNAUTHENTICATED when the header holds something else than a certificate. */
    public Optional<ClientCertificate> of(Function<String, @Nullable String> headers) {
        String sent = header.isEmpty() ? null : headers.apply(header);
        return sent == null || sent.isBlank() ? Optional.empty() : Optional.of(ClientCertificate.of(sent));
    }
}
