package io.nacre.keystone.endpoint;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One address of a service.
 *
 * @param face public, internal or admin; {@code interface} on the wire
 * @param url may hold {@code %(project_id)s} and the like, which the catalog fills in
 */
public record Endpoint(
        String id,
        String serviceId,
        @Nullable String regionId,
        String face,
        String url,
        boolean enabled,
        ObjectNode extra) {}
