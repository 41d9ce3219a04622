package io.nacre.contracts.peer;

import io.nacre.base.Caller;
import io.nacre.base.Tx;
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

    /** A project as others need to know it. */
    record Project(String id, String name, String domainId, boolean enabled) {}
}
