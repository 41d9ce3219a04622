package io.nacre.keystone.endpointfilter;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import java.util.List;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;

/** Which projects the endpoints, or the endpoint groups, are for. */
public final class ProjectAssociationStore {
    private final Columns association;
    private final Field<String> subjectId;
    private final Field<String> projectId;
    private final String entry;
    private final String missing;

    /**
     * @param entry what the original calls one of them
     * @param missing what is said where there is none of this subject and that project
     */
    private ProjectAssociationStore(String entry, String subject, String missing) {
        this.entry = entry;
        this.missing = missing;
        association = Columns.of("keystone_" + entry);
        subjectId = association.text(subject);
        projectId = association.text("project_id");
    }

    public static ProjectAssociationStore ofEndpoints() {
        return new ProjectAssociationStore("project_endpoint", "endpoint_id", "Endpoint %s not found in project %s");
    }

    public static ProjectAssociationStore ofGroups() {
        return new ProjectAssociationStore(
                "project_endpoint_group", "endpoint_group_id", "Endpoint Group Project Association not found");
    }

    void require(Tx tx, String subject, String project) {
        if (!Sql.in(tx).fetchExists(DSL.selectOne().from(association.table()).where(same(subject, project)))) {
            throw missing(subject, project);
        }
    }

    List<String> subjectsOf(Tx tx, String project) {
        return Sql.in(tx)
                .select(subjectId)
                .from(association.table())
                .where(projectId.eq(project))
                .orderBy(subjectId)
                .fetch(subjectId);
    }

    List<String> projectsOf(Tx tx, String subject) {
        return Sql.in(tx)
                .select(projectId)
                .from(association.table())
                .where(subjectId.eq(subject))
                .orderBy(projectId)
                .fetch(projectId);
    }

    void create(Tx tx, String subject, String project) {
        int made = Sql.in(tx)
                .insertInto(association.table())
                .set(subjectId, subject)
                .set(projectId, project)
                .onConflictDoNothing()
                .execute();
        if (made == 0) {
            throw Fault.conflict("Conflict occurred attempting to store " + entry + " - Duplicate entry.");
        }
    }

    void delete(Tx tx, String subject, String project) {
        if (delete(tx, same(subject, project)) == 0) {
            throw missing(subject, project);
        }
    }

    public void deleteOf(Tx tx, String subject) {
        delete(tx, subjectId.eq(subject));
    }

    public void deleteOfProject(Tx tx, String project) {
        delete(tx, projectId.eq(project));
    }

    private int delete(Tx tx, Condition condition) {
        return Sql.in(tx).deleteFrom(association.table()).where(condition).execute();
    }

    private FaultException missing(String subject, String project) {
        return Fault.notFound(missing.formatted(subject, project));
    }

    private Condition same(String subject, String project) {
        return subjectId.eq(subject).and(projectId.eq(project));
    }
}
