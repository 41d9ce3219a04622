package io.nacre.launcher;

import io.nacre.config.Doc;
import io.nacre.policy.Overrides;
import java.nio.file.Path;

@Doc("Who may do what. The rules themselves stand in policy/SERVICE.yaml in the state directory.")
record PolicyConfig(
        @Doc("Whether a token of a scope that a rule is not meant for is refused, whatever its roles.")
        boolean enforceScope) {

    static final PolicyConfig DEFAULTS = new PolicyConfig(true);

    Overrides overrides(Endpoint endpoint, Path state) {
        return new Overrides(endpoint.policyFile(state), enforceScope);
    }
}
