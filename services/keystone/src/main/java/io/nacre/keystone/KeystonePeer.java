package io.nacre.keystone;

import io.nacre.base.Caller;
import io.nacre.base.Tx;
import io.nacre.contracts.peer.Identity;
import io.nacre.keystone.auth.ServiceTokens;
import io.nacre.keystone.auth.ValidTokens;
import io.nacre.keystone.project.ProjectStore;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keystone as the other services see it. */
final class KeystonePeer implements Identity {
    private final ValidTokens tokens;
    private final ServiceTokens serviceTokens;
    private final ProjectStore projects;

    KeystonePeer(ValidTokens tokens, ServiceTokens serviceTokens, ProjectStore projects) {
        this.tokens = tokens;
        this.serviceTokens = serviceTokens;
        this.projects = projects;
    }

    @Override
    public Caller authenticate(String token, String requestId, @Nullable String globalRequestId) {
        return tokens.caller(token, requestId, globalRequestId);
    }

    @Override
    public String serviceToken() {
        return serviceTokens.current();
    }

    @Override
    public Optional<Project> project(Tx tx, String projectId) {
        return projects.find(tx, projectId)
                .filter(project -> !project.isDomain())
                .map(project -> new Project(project.id(), project.name(), project.ownDomain(), project.enabled()));
    }
}
