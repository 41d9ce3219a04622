package io.nacre.keystone.endpointfilter;

import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.keystone.entity.Envelope;
import io.nacre.keystone.project.Project;
import io.nacre.keystone.project.ProjectStore;
import io.nacre.keystone.project.ProjectView;
import io.nacre.keystone.revocation.Revocations;
import java.util.List;
import java.util.function.Function;

/** The projects that endpoints, or endpoint groups, are for; what is done to them is the same for both. */
public final class ProjectAssociationApi {
    private final Transactions transactions;
    private final ProjectAssociationStore associations;
    private final ProjectStore projects;
    private final Revocations revocations;

    public ProjectAssociationApi(
            Transactions transactions,
            ProjectAssociationStore associations,
            ProjectStore projects,
            Revocations revocations) {
        this.transactions = transactions;
        this.associations = associations;
        this.projects = projects;
        this.revocations = revocations;
    }

    /** The project that the path names; faults with NOT_FOUND. */
    String project(Tx tx, Request request) {
        return projects.require(tx, request.param("project_id")).id();
    }

    void require(Tx tx, String subject, String project) {
        associations.require(tx, subject, project);
    }

    Response list(Request request, Function<Tx, String> subject) {
        List<Project> found =
                transactions.read(tx -> projects.list(tx, associations.projectsOf(tx, subject.apply(tx)), List.of()));
        return Envelope.collection(request, "projects", found, ProjectView::show);
    }

    Response add(Request request, Function<Tx, String> subject) {
        transactions.run(tx -> {
            associations.create(tx, subject.apply(tx), project(tx, request));
            revocations.changed(tx);
        });
        return Response.empty(204);
    }

    Response remove(Function<Tx, String> subject, Function<Tx, String> project) {
        transactions.run(tx -> {
            associations.delete(tx, subject.apply(tx), project.apply(tx));
            revocations.changed(tx);
        });
        return Response.empty(204);
    }
}
