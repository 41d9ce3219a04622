package io.nacre.neutron.resource;

import io.nacre.base.Caller;
import io.nacre.neutron.NeutronFault;
import io.nacre.neutron.resource.Check.Refusal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A resource's table of attributes, and what follows from it for requests and answers. */
public final class Attributes<R extends Resource> {
    private final String singular;
    private final String plural;
    private final Map<String, Attribute<R>> byName = new LinkedHashMap<>();

    private Attributes(String singular, String plural) {
        this.singular = singular;
        this.plural = plural;
    }

    /** @param store where the attributes that every resource has are kept */
    public static <R extends Resource> Attributes<R> of(String singular, String plural, ResourceStore<R> store) {
        return new Attributes<R>(singular, plural)
                .add(Attribute.<R>of("id", Resource::id).column(store.id()))
                .add(Attribute.<R>of("project_id", Resource::projectId)
                        .check(Checks.string(255))
                        .create()
                        .column(store.project()))
                .add(Attribute.<R>of("tenant_id", Resource::projectId)
                        .check(Checks.string(255))
                        .create()
                        .column(store.project()))
                .add(Attribute.<R>of("description", r -> r.standard().description())
                        .check(value -> value.isNull() ? "" : Checks.string(255).accept(value))
                        .create("")
                        .update()
                        .column(store.description()))
                .add(Attribute.<R>of("revision_number", r -> r.standard().revision())
                        .column(store.revision()))
                .add(Attribute.<R>of("created_at", r -> Times.show(r.standard().createdAt()))
                        .column(store.created()))
                .add(Attribute.<R>of("updated_at", r -> Times.show(r.standard().updatedAt()))
                        .column(store.updated()))
                .add(Attribute.of("tags", r -> r.standard().tags()));
    }

    /** For what nobody owns, such as agents: only an identifier. */
    public static <R extends Resource> Attributes<R> bare(String singular, String plural, ResourceStore<R> store) {
        return new Attributes<R>(singular, plural)
                .add(Attribute.<R>of("id", Resource::id).column(store.id()));
    }

    public Attributes<R> add(Attribute<R> attribute) {
        byName.put(attribute.name(), attribute);
        return this;
    }

    /** What the API calls one of them, such as network. */
    public String singular() {
        return singular;
    }

    public String plural() {
        return plural;
    }

    @Nullable
    Attribute<R> get(String name) {
        return byName.get(name);
    }

    Collection<Attribute<R>> all() {
        return byName.values();
    }

    /** What a create asks for; faults with INVALID that names the attribute. */
    Input forCreate(Caller caller, JsonNode body) {
        requireObject(body);
        String project = project(caller, body);
        refuseUnknown(body);
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (Attribute<R> attribute : byName.values()) {
            JsonNode value = body.get(attribute.name());
            if (value == null) {
                if (attribute.isRequired()) {
                    throw NeutronFault.badRequest(
                            "Failed to parse request. Required attribute '" + attribute.name() + "' not specified");
                }
                if (attribute.hasDefault()) {
                    values.put(attribute.name(), attribute.defaultValue());
                }
            } else if (!attribute.inCreate()) {
                throw NeutronFault.badRequest("Attribute '" + attribute.name() + "' not allowed in POST");
            } else {
                values.put(attribute.name(), check(attribute, value));
            }
        }
        values.put("project_id", project);
        return new Input(values, new LinkedHashSet<>(body.propertyNames()));
    }

    /** What an update asks for. */
    Input forUpdate(JsonNode body) {
        requireObject(body);
        refuseUnknown(body);
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (String name : body.propertyNames()) {
            Attribute<R> attribute = byName.get(name);
            if (attribute == null || !attribute.inUpdate()) {
                throw NeutronFault.badRequest("Cannot update read-only attribute " + name);
            }
            values.put(name, check(attribute, body.get(name)));
        }
        return new Input(values, new LinkedHashSet<>(body.propertyNames()));
    }

    private void requireObject(JsonNode body) {
        if (!body.isObject()) {
            throw NeutronFault.badRequest("Unable to find '" + singular + "' in request body");
        }
    }

    private void refuseUnknown(JsonNode body) {
        List<String> unknown = new ArrayList<>(body.propertyNames());
        unknown.removeAll(byName.keySet());
        if (!unknown.isEmpty()) {
            throw NeutronFault.badRequest("Unrecognized attribute(s) '" + String.join(", ", unknown) + "'");
        }
    }

    private @Nullable Object check(Attribute<R> attribute, JsonNode value) {
        try {
            return attribute.check().accept(value);
        } catch (Refusal e) {
            throw NeutronFault.badRequest(
                    "Invalid input for " + attribute.name() + ". Reason: " + e.getMessage() + ".");
        }
    }

    /** Whose it shall be: the caller's project's, unless an operator says otherwise. */
    private static String project(Caller caller, JsonNode body) {
        JsonNode project = body.get("project_id");
        JsonNode tenant = body.get("tenant_id");
        if (project != null && tenant != null && !project.equals(tenant)) {
            throw NeutronFault.badRequest("'project_id' and 'tenant_id' do not match");
        }
        JsonNode given = project != null ? project : tenant;
        String own = caller.projectId() == null ? "" : caller.projectId();
        if (given == null || given.isNull()) {
            return own;
        }
        String wanted = given.isString() ? given.asString() : "";
        if (!wanted.equals(own) && !caller.isAdmin()) {
            throw NeutronFault.badRequest("Specifying 'project_id' or 'tenant_id' other than the authenticated project"
                    + " in request requires admin privileges");
        }
        return wanted;
    }

    /** Every shown attribute, for policy targets; what the caller may see of it is decided later. */
    Map<String, @Nullable Object> show(R resource, Caller caller) {
        Map<String, @Nullable Object> shown = LinkedHashMap.newLinkedHashMap(byName.size());
        for (Attribute<R> attribute : byName.values()) {
            if (attribute.isShown()) {
                shown.put(attribute.name(), attribute.show(resource, caller));
            }
        }
        return shown;
    }

    Set<String> names() {
        return byName.keySet();
    }
}
