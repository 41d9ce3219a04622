package io.nacre.contracts.peer;

import io.nacre.base.Caller;
import io.nacre.base.Tx;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What keystone does for other services. */
public interface Identity {

    /**
     * Who stands behind a token, from memory when nothing has changed; faults with UNAUTHENTICATED when nobody does. It
     * may read the database, so it must not be called inside a transaction.
     */
    Caller authenticate(String token, String requestId, @Nullable String globalRequestId);

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
