package io.nacre.keystone.token;

import java.time.Instant;
import java.util.List;

/**
 * What somebody has proved of who they are when that was not enough yet.
 *
 * @param methods names of those that succeeded
 * @param issuedAt whole seconds
 * @param expiresAt whole seconds
 */
public record Receipt(String userId, List<String> methods, Instant issuedAt, Instant expiresAt) {}
