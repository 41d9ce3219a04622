package io.nacre.glance.metadef;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A type of resources that a namespace is meant for.
 *
 * @param name of the resource type
 * @param prefix what a property's name begins with on resources of this type
 * @param propertiesTarget which of several kinds of properties of the resource is meant
 */
record Association(
        String namespaceId,
        String name,
        @Nullable String prefix,
        @Nullable String propertiesTarget,
        Instant createdAt,
        Instant updatedAt) {}
