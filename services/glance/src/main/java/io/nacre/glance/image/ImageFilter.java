package io.nacre.glance.image;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which images a listing shows.
 *
 * @param project whose view it is; null for nobody's
 * @param admin sees everybody's
 * @param memberStatus of the shares that count: pending, accepted, rejected or all
 * @param visibility null for the usual: everything but other projects' community images
 * @param tags that an image must all have
 * @param fields further conditions by the name of an attribute or custom property
 */
record ImageFilter(
        @Nullable String project,
        boolean admin,
        String memberStatus,
        @Nullable String visibility,
        boolean hidden,
        List<String> tags,
        Map<String, String> fields) {}
