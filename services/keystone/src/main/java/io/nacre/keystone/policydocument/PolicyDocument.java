package io.nacre.keystone.policydocument;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A document and its media type.
 *
 * @param extra attributes that clients gave it and keystone does not know
 */
public record PolicyDocument(String id, String type, String document, Map<String, @Nullable Object> extra) {}
