package io.nacre.keystone.directory;

import io.nacre.keystone.directory.IdMappingStore.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Which users and groups of directories are forgotten: those for which everything that is not null is so.
 *
 * @param localId the identifier in the directory
 */
public record Purge(
        @Nullable String domainName,
        @Nullable String publicId,
        @Nullable String localId,
        @Nullable Kind kind) {}
