package io.nacre.glance.image;

import io.nacre.config.Doc;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Options of [glance.property_protection]. */
public record PropertyProtectionConfig(
        @Doc("File that says who may create, read, update and delete custom properties, as the original reads it.")
        @Nullable
        Path file,

        @Doc("Whether the file names roles or policies.") String ruleFormat) {
    static final String POLICIES = "policies";
    public static final PropertyProtectionConfig NONE = new PropertyProtectionConfig(null, "roles");

    public PropertyProtectionConfig {
        if (!List.of("roles", POLICIES).contains(ruleFormat)) {
            throw new IllegalArgumentException("property_protection.rule_format: roles or policies");
        }
    }
}
