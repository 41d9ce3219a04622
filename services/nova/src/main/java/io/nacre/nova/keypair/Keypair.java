package io.nacre.nova.keypair;

import java.time.Instant;

/** @param type ssh or x509 */
public record Keypair(
        long number,
        String userId,
        String name,
        String type,
        String fingerprint,
        String publicKey,
        Instant createdAt) {}
