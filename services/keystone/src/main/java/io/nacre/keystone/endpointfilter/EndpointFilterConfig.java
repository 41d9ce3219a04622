package io.nacre.keystone.endpointfilter;

import io.nacre.config.Doc;

/** Options of [keystone.endpoint_filter]. */
public record EndpointFilterConfig(
        @Doc(
                "Whether the catalog of a project that no endpoint is filtered for, and of other scopes, shows all endpoints;"
                        + " else it shows none.")
        boolean returnAllEndpointsIfNoFilter) {

    public static final EndpointFilterConfig DEFAULT = new EndpointFilterConfig(true);
}
