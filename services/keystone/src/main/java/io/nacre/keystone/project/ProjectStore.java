package io.nacre.keystone.project;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import io.nacre.keystone.entity.Conditions;
import io.nacre.keystone.entity.Filter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Record1;
import org.jooq.Select;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Projects, domains among them, and their tags. */
public final class ProjectStore {
    private static final TypeReference<Map<String, @Nullable Object>> MAP = new TypeReference<>() {};

    private static final Columns PROJECT = Columns.of("keystone_project");
    private static final Field<String> ID = PROJECT.text("id");
    private static final Field<String> NAME = PROJECT.text("name");
    private static final Field<String> DOMAIN_ID = PROJECT.text("domain_id");
    private static final Field<String> PARENT_ID = PROJECT.text("parent_id");
    private static final Field<Boolean> IS_DOMAIN = PROJECT.bool("is_domain");
    private static final Field<Boolean> ENABLED = PROJECT.bool("enabled");
    private static final Field<String> DESCRIPTION = PROJECT.text("description");
    private static final Field<Map<String, @Nullable Object>> OPTIONS = PROJECT.json("options", MAP);
    private static final Field<Map<String, @Nullable Object>> EXTRA = PROJECT.json("extra", MAP);
    private static final Map<String, Field<?>> FILTERS = Map.of(
            "id",
            ID,
            "name",
            NAME,
            "domain_id",
            DOMAIN_ID,
            "parent_id",
            PARENT_ID,
            "is_domain",
            IS_DOMAIN,
            "enabled",
            ENABLED);

    private static final Columns TAG = Columns.of("keystone_project_tag");
    private static final Field<String> TAG_PROJECT = TAG.text("project_id");
    private static final Field<String> TAG_NAME = TAG.text("name");

    private static final String NO_DOMAIN = "";

    public Optional<Project> find(Tx tx, String id) {
        return list(tx, ID.eq(id)).stream().findFirst();
    }

    public Project require(Tx tx, String id) {
        return find(tx, id).orElseThrow(() -> Fault.notFound("Could not find project: " + id + "."));
    }

    public Project requireDomain(Tx tx, String id) {
        return find(tx, id)
                .filter(Project::isDomain)
                .orElseThrow(() -> Fault.notFound("Could not find domain: " + id + "."));
    }

    public Optional<Project> findByName(Tx tx, String domainId, String name) {
        return list(tx, DOMAIN_ID.eq(domainId).and(NAME.eq(name))).stream().findFirst();
    }

    public Optional<Project> findDomainByName(Tx tx, String name) {
        return findByName(tx, NO_DOMAIN, name);
    }

    public List<Project> list(Tx tx, List<Filter> filters) {
        return list(tx, Conditions.of(filters, FILTERS));
    }

    public List<Project> list(Tx tx, List<Filter> filters, int most) {
        return list(tx, Conditions.of(filters, FILTERS), most);
    }

    List<Project> list(Tx tx, List<Filter> filters, TagFilter tags, int most) {
        return list(tx, Conditions.of(filters, FILTERS).and(tagged(tags)), most);
    }

    /** Those of the identifiers that exist and fit. */
    public List<Project> list(Tx tx, Collection<String> ids, List<Filter> filters) {
        return ids.isEmpty() ? List.of() : list(tx, ID.in(ids).and(Conditions.of(filters, FILTERS)));
    }

    /** For a condition of another store. */
    public Select<Record1<String>> inDomain(String domainId) {
        return DSL.select(ID).from(PROJECT.table()).where(DOMAIN_ID.eq(domainId));
    }

    private static Condition tagged(TagFilter filter) {
        Condition all = DSL.noCondition();
        if (!filter.all().isEmpty()) {
            all = all.and(ID.in(having(filter.all(), filter.all().size())));
        }
        if (!filter.any().isEmpty()) {
            all = all.and(ID.in(having(filter.any(), 1)));
        }
        if (!filter.notAll().isEmpty()) {
            all = all.and(ID.notIn(having(filter.notAll(), filter.notAll().size())));
        }
        if (!filter.notAny().isEmpty()) {
            all = all.and(ID.notIn(having(filter.notAny(), 1)));
        }
        return all;
    }

    /** The projects with so many of these tags at least. */
    private static Select<Record1<String>> having(List<String> tags, int many) {
        return DSL.select(TAG_PROJECT)
                .from(TAG.table())
                .where(TAG_NAME.in(tags))
                .groupBy(TAG_PROJECT)
                .having(DSL.count().ge(many));
    }

    public List<Project> children(Tx tx, String parentId) {
        return list(tx, PARENT_ID.eq(parentId));
    }

    /** From the parent up to and with the domain. */
    public List<Project> ancestors(Tx tx, Project project) {
        List<Project> ancestors = new ArrayList<>();
        String next = project.parentId();
        while (next != null) {
            Project parent = require(tx, next);
            ancestors.add(parent);
            next = parent.parentId();
        }
        return ancestors;
    }

    /** Everything below, nearest first. */
    public List<Project> subtree(Tx tx, String id) {
        List<Project> subtree = new ArrayList<>();
        List<String> level = List.of(id);
        while (!level.isEmpty()) {
            List<Project> next = list(tx, PARENT_ID.in(level));
            subtree.addAll(next);
            level = next.stream().map(Project::id).toList();
        }
        return subtree;
    }

    private List<Project> list(Tx tx, Condition condition) {
        return list(tx, condition, Integer.MAX_VALUE);
    }

    private List<Project> list(Tx tx, Condition condition, int most) {
        List<Project> found = Sql.in(tx)
                .select(PROJECT.all())
                .from(PROJECT.table())
                .where(condition)
                .orderBy(NAME, ID)
                .limit(most)
                .fetch(ProjectStore::project);
        if (found.isEmpty()) {
            return found;
        }
        Map<String, List<String>> tags = new HashMap<>();
        Condition wanted = found.size() > 500
                ? DSL.noCondition()
                : TAG_PROJECT.in(found.stream().map(Project::id).toList());
        Sql.in(tx)
                .select(TAG_PROJECT, TAG_NAME)
                .from(TAG.table())
                .where(wanted)
                .orderBy(TAG_NAME)
                .forEach(row -> tags.computeIfAbsent(row.value1(), id -> new ArrayList<>())
                        .add(row.value2()));
        return found.stream()
                .map(project -> tags.containsKey(project.id()) ? project.withTags(tags.get(project.id())) : project)
                .toList();
    }

    public void create(Tx tx, Project project) {
        requireFreeName(tx, project);
        Sql.in(tx)
                .insertInto(PROJECT.table())
                .set(ID, project.id())
                .set(IS_DOMAIN, project.isDomain())
                .set(DOMAIN_ID, project.domainId() == null ? NO_DOMAIN : project.domainId())
                .set(PARENT_ID, project.parentId())
                .set(changeable(project))
                .execute();
        setTags(tx, project.id(), project.tags());
    }

    public void update(Tx tx, Project project) {
        requireFreeName(tx, project);
        Sql.in(tx)
                .update(PROJECT.table())
                .set(changeable(project))
                .where(ID.eq(project.id()))
                .execute();
        setTags(tx, project.id(), project.tags());
    }

    private static Map<Field<?>, @Nullable Object> changeable(Project project) {
        Map<Field<?>, @Nullable Object> values = new HashMap<>();
        values.put(NAME, project.name());
        values.put(ENABLED, project.enabled());
        values.put(DESCRIPTION, project.description());
        values.put(OPTIONS, project.options());
        values.put(EXTRA, project.extra());
        return values;
    }

    private void requireFreeName(Tx tx, Project project) {
        findByName(tx, project.domainId() == null ? NO_DOMAIN : project.domainId(), project.name())
                .filter(other -> !other.id().equals(project.id()))
                .ifPresent(other -> {
                    throw Fault.conflict("Conflict occurred attempting to store project - it is not permitted to have"
                            + " two projects "
                            + (project.isDomain()
                                    ? "acting as domains with the same name: " + project.name()
                                    : "with either the same name or same id in the same domain: name is "
                                            + project.name() + ", project id " + project.id())
                            + ".");
                });
    }

    public void setTags(Tx tx, String projectId, Collection<String> tags) {
        Sql.in(tx).deleteFrom(TAG.table()).where(TAG_PROJECT.eq(projectId)).execute();
        for (String tag : new TreeSet<>(tags)) {
            Sql.in(tx)
                    .insertInto(TAG.table())
                    .set(TAG_PROJECT, projectId)
                    .set(TAG_NAME, tag)
                    .execute();
        }
    }

    public void delete(Tx tx, String id) {
        Sql.in(tx).deleteFrom(TAG.table()).where(TAG_PROJECT.eq(id)).execute();
        Sql.in(tx).deleteFrom(PROJECT.table()).where(ID.eq(id)).execute();
    }

    private static Project project(Record row) {
        String domainId = row.get(DOMAIN_ID);
        return new Project(
                row.get(ID),
                row.get(NAME),
                domainId.equals(NO_DOMAIN) ? null : domainId,
                row.get(PARENT_ID),
                row.get(IS_DOMAIN),
                row.get(ENABLED),
                row.get(DESCRIPTION),
                List.of(),
                row.get(OPTIONS),
                row.get(EXTRA));
    }
}
