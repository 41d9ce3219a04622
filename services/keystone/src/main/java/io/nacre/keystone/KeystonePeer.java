package io.nacre.keystone;

import io.nacre.base.Caller;
import io.nacre.base.Tx;
import io.nacre.contracts.peer.Identity;
import io.nacre.keystone.auth.Callers;
import io.nacre.keystone.auth.ServiceTokens;
import io.nacre.keystone.catalog.Catalog;
import io.nacre.keystone.limit.ProjectLimits;
import io.nacre.keystone.project.ProjectStore;
import java.util.Map;
import java.util.Optional;

/** Keystone as the other services see it. */
final class KeystonePeer implements Identity {
    private final Callers callers;
    private final ServiceTokens serviceTokens;
    private final ProjectStore projects;
    private final Catalog catalog;
    private final ProjectLimits limits;

    KeystonePeer(
            Callers callers,
            ServiceTokens serviceTokens,
            ProjectStore projects,
            Catalog catalog,
            ProjectLimits limits) {
        this.callers = callers;
        this.serviceTokens = serviceTokens;
        this.projects = projects;
        this.catalog = catalog;
        this.limits = limits;
    }

    @Override
    public Caller authenticate(String service, Caller.Claim claim) {
        return callers.caller(service, claim);
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

    @Override
    public Optional<String> endpoint(Tx tx, Caller caller, String service, String region, String access) {
        return catalog.url(tx, caller.requireUser(), caller.projectId(), service, region, access);
    }

    @Override
    public Map<String, Long> limits(Tx tx, String service, String region, String projectId) {
        return limits.of(tx, service, region, projectId);
    }
}
