package io.nacre.keystone.limit;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.keystone.project.Project;
import io.nacre.keystone.project.ProjectStore;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sees to it that no project may use more than its domain: {@link LimitModel#STRICT_TWO_LEVEL}. */
final class TwoLevels {
    private final RegisteredLimitStore registered;
    private final LimitStore limits;
    private final ProjectStore projects;

    TwoLevels(RegisteredLimitStore registered, LimitStore limits, ProjectStore projects) {
        this.registered = registered;
        this.limits = limits;
        this.projects = projects;
    }

    /** @param wanted limits that are to be set together; a domain's among them stands in for the one that is kept */
    void require(Tx tx, List<Limit> wanted) {
        for (Limit limit : wanted) {
            if (limit.projectId() == null ? isBelowAChild(tx, limit) : isAboveItsParent(tx, limit, wanted)) {
                throw refusal(limit);
            }
        }
    }

    private boolean isAboveItsParent(Tx tx, Limit limit, List<Limit> wanted) {
        String parentId =
                projects.require(tx, String.valueOf(limit.projectId())).parentId();
        Optional<Integer> parent = wanted.stream()
                .filter(other -> other.domainId() != null
                        && other.domainId().equals(parentId)
                        && other.resource().equals(limit.resource()))
                .findFirst()
                .map(Limit::value)
                .or(() -> kept(tx, limit.resource(), parentId));
        return parent.isPresent() && limit.value() > parent.get();
    }

    /** What holds for the domain: its limit, else the registered one. */
    private Optional<Integer> kept(Tx tx, Resource resource, @Nullable String domainId) {
        return limits.ofDomain(tx, resource, domainId)
                .map(Limit::value)
                .or(() -> registered.find(tx, resource).map(RegisteredLimit::value));
    }

    private boolean isBelowAChild(Tx tx, Limit limit) {
        for (Project child : projects.subtree(tx, String.valueOf(limit.domainId()))) {
            Optional<Limit> ofChild = limits.ofProject(tx, limit.resource(), child.id());
            if (ofChild.isPresent() && limit.value() < ofChild.get().value()) {
                return true;
            }
        }
        return false;
    }

    private static RuntimeException refusal(Limit limit) {
        Resource resource = limit.resource();
        String holder =
                limit.projectId() == null ? "domain_id: " + limit.domainId() : "project_id: " + limit.projectId();
        return Fault.forbidden("Invalid resource limit: The resource limit (" + holder + ", resource_name: "
                + resource.name() + ", resource_limit: " + limit.value() + ", service_id: " + resource.serviceId()
                + ", region_id: " + (resource.regionId() == null ? "None" : resource.regionId())
                + ") doesn't satisfy current hierarchy model..");
    }
}
