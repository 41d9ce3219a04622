package io.nacre.policy;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What an operator has said about a service's rules.
 *
 * @param file rules in YAML or JSON that take the place of those of the same name; it need not exist yet; null for none
 * @param enforceScope whether a token of a scope that a rule does not name is refused; the default of 2024.1
 */
public record Overrides(@Nullable Path file, boolean enforceScope) {
    public static final Overrides NONE = new Overrides(null, true);

    public static Overrides in(Path file) {
        return new Overrides(file, true);
    }
}
