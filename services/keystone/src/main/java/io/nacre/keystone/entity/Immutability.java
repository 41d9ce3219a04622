package io.nacre.keystone.entity;

import io.nacre.base.Fault;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The option of projects, domains and roles that keeps them as they are. */
public final class Immutability {
    private Immutability() {}

    public static boolean of(Map<String, @Nullable Object> options) {
        return Boolean.TRUE.equals(options.get("immutable"));
    }

    /**
     * Faults with FORBIDDEN when the option is set.
     *
     * @param verb what is not to be done, such as update
     * @param type of the resource, such as role
     */
    public static void require(Map<String, @Nullable Object> options, String verb, String type, String id) {
        if (of(options)) {
            throw Fault.forbidden("Unable to " + verb + " immutable " + type + " resource: `" + id
                    + ". Set resource option \"immutable\" to false first.");
        }
    }
}
