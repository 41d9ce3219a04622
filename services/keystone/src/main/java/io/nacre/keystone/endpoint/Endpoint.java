package io.nacre.keystone.endpoint;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A URL of a service.
 *
 * @param access public, internal or admin; on the wire it is the interface
 * @param url may hold {@code $(project_id)s} and the like, see {@link UrlTemplate}
 * @param extra attributes that clients gave it and keystone does not know
 */
public record Endpoint(
        String id,
        String serviceId,
        String access,
        @Nullable String regionId,
        String url,
        boolean enabled,
        Map<String, @Nullable Object> extra) {}
