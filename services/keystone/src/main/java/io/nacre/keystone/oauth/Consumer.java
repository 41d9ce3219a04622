package io.nacre.keystone.oauth;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A program that users may let act for them.
 *
 * @param extra attributes that clients gave it and keystone does not know
 */
record Consumer(String id, @Nullable String description, Map<String, @Nullable Object> extra) {}
