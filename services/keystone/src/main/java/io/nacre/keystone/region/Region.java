package io.nacre.keystone.region;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A place.
 *
 * @param id chosen by who makes it, such as RegionOne
 * @param extra attributes that clients gave it and keystone does not know
 */
public record Region(String id, @Nullable String parentId, String description, Map<String, @Nullable Object> extra) {}
