package io.nacre.keystone.limit;

import org.jspecify.annotations.Nullable;

/**
 * What is limited, such as the snapshots of a volume service.
 *
 * @param regionId null when it is limited wherever the service is
 */
record Resource(String serviceId, @Nullable String regionId, String name) {}
