package io.nacre.policy;

import io.nacre.base.Caller;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A compiled rule. */
@FunctionalInterface
interface Check {
    boolean holds(Caller caller, Map<String, ? extends @Nullable Object> target);
}
