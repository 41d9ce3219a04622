package io.nacre.contracts.peer;

import io.nacre.base.Caller;
import io.nacre.base.Tx;
import java.util.Map;
import java.util.Optional;

/** What keystone does for other services. */
public interface Identity {

    /**
     * Who stands behind a request, from memory when nothing has changed; faults with UNAUTHENTICATED when nobody does, or
     * when the token is not good for such a request. It may read the database, so it must not be called inside a
     * transaction.
     *
     * @param service the type of the service that was asked, such as compute
     */
    Caller authenticate(String service, Caller.Claim claim);

    /**
     * A token of Nacre's own service user, good for some minutes, with the role service on the project service. For
     * what a node fetches, such as images. Not to be called inside a transaction.
     */
    String serviceToken();

    /** Empty when there is no such project; a domain is none. */
    Optional<Project> project(Tx tx, String projectId);

    /**
     * Where a service answers, as the catalog of the caller's project has it; empty when that has no such endpoint.
     *
     * @param service its type, such as image
     * @param region in any case
     * @param access public, internal or admin
     */
    Optional<String> endpoint(Tx tx, Caller caller, String service, String region, String access);

    /**
     * What a project may use of a service's resources, by their names (unified limits): its own limits, else the registered
     * ones, those of the region before those of all regions. What is not registered is left out.
     *
     * @param service its type, such as image
     */
    Map<String, Long> limits(Tx tx, String service, String region, String projectId);

    /** A project as others need to know it. */
    record Project(String id, String name, String domainId, boolean enabled) {}
}
