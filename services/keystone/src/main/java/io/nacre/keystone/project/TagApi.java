package io.nacre.keystone.project;

import static io.nacre.keystone.KeystonePolicy.ADMIN;
import static io.nacre.keystone.KeystonePolicy.orDomainReader;

import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.keystone.KeystonePolicy;
import io.nacre.policy.PolicyRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** API reference "Project tags". */
public final class TagApi {
    private static final int MOST = 80;
    private static final int LONGEST = 255;
    private static final Pattern TAG = Pattern.compile("[^,/]{1," + LONGEST + "}");

    private static final String READ = orDomainReader("target.project.domain_id") + ProjectApi.OWN;
    private static final PolicyRule LIST = KeystonePolicy.domain("list_project_tags", READ);
    private static final PolicyRule GET = KeystonePolicy.domain("get_project_tag", READ);
    private static final PolicyRule UPDATE_ALL = KeystonePolicy.domain("update_project_tags", ADMIN);
    private static final PolicyRule CREATE = KeystonePolicy.domain("create_project_tag", ADMIN);
    private static final PolicyRule DELETE_ALL = KeystonePolicy.domain("delete_project_tags", ADMIN);
    private static final PolicyRule DELETE = KeystonePolicy.domain("delete_project_tag", ADMIN);

    private static final Schema TAGS = Schema.of("""
            {"type": "object", "required": ["tags"], "properties": {"tags":
              {"type": "array", "maxItems": 80, "uniqueItems": true,
               "items": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[^,/]*$"}}}}
            """);

    private final Transactions transactions;
    private final ProjectStore projects;

    public TagApi(Transactions transactions, ProjectStore projects) {
        this.transactions = transactions;
        this.projects = projects;
    }

    public List<Route> routes() {
        String all = "/v3/projects/{project_id}/tags";
        String one = all + "/{tag}";
        return List.of(
                Route.get(all).policy(LIST, this::target).to(this::list),
                Route.put(all).policy(UPDATE_ALL, this::target).body(TAGS).to(this::replace),
                Route.delete(all).policy(DELETE_ALL, this::target).to(this::clear),
                Route.get(one).policy(GET, this::target).to(this::show),
                Route.put(one).policy(CREATE, this::target).to(this::add),
                Route.delete(one).policy(DELETE, this::target).to(this::remove));
    }

    private Map<String, @Nullable Object> target(Request request) {
        return transactions
                .read(tx -> projects.find(tx, request.param("project_id")))
                .map(ProjectView::target)
                .orElse(Map.of());
    }

    private Project project(Tx tx, Request request) {
        return projects.require(tx, request.param("project_id"));
    }

    private Project changeable(Tx tx, Request request, String verb) {
        Project project = project(tx, request);
        project.requireMutableTags(verb);
        return project;
    }

    private Response list(Request request) {
        return tags(request, transactions.read(tx -> project(tx, request)).tags());
    }

    private Response replace(Request request) {
        List<String> tags = StreamSupport.stream(request.json("tags").spliterator(), false)
                .map(JsonNode::asString)
                .sorted()
                .toList();
        transactions.run(
                tx -> projects.setTags(tx, changeable(tx, request, "update").id(), tags));
        return tags(request, tags);
    }

    private static Response tags(Request request, List<String> tags) {
        return Response.json(200, Map.of("tags", tags, "links", Map.of("self", request.baseUrl() + request.path())));
    }

    private Response clear(Request request) {
        transactions.run(
                tx -> projects.setTags(tx, changeable(tx, request, "update").id(), List.of()));
        return Response.empty(204);
    }

    private Response show(Request request) {
        requireTag(transactions.read(tx -> project(tx, request)), request.param("tag"));
        return Response.empty(204);
    }

    private Response add(Request request) {
        String tag = request.param("tag");
        if (!TAG.matcher(tag).matches()) {
            throw Fault.invalid(
                    "'" + tag + "' " + (tag.length() > LONGEST ? "is too long" : "does not match '^[^,/]*$'"));
        }
        transactions.run(tx -> {
            Project project = changeable(tx, request, "create");
            List<String> tags = new ArrayList<>(project.tags());
            if (!tags.contains(tag)) {
                tags.add(tag);
            }
            if (tags.size() > MOST) {
                throw Fault.invalid("A project has at most " + MOST + " tags.");
            }
            projects.setTags(tx, project.id(), tags);
        });
        return Response.empty(201).header("Location", request.baseUrl() + request.path());
    }

    private Response remove(Request request) {
        transactions.run(tx -> {
            Project project = changeable(tx, request, "delete");
            requireTag(project, request.param("tag"));
            projects.setTags(
                    tx,
                    project.id(),
                    project.tags().stream()
                            .filter(tag -> !tag.equals(request.param("tag")))
                            .toList());
        });
        return Response.empty(204);
    }

    private static void requireTag(Project project, String tag) {
        if (!project.tags().contains(tag)) {
            throw Fault.notFound("Could not find project tag: " + tag + ".");
        }
    }
}
