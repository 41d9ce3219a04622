package io.nacre.keystone.limit;

import static io.nacre.keystone.KeystonePolicy.ADMIN;

import io.nacre.base.Fault;
import io.nacre.base.Ids;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.keystone.KeystonePolicy;
import io.nacre.keystone.entity.Envelope;
import io.nacre.keystone.entity.Fields;
import io.nacre.keystone.entity.Filter;
import io.nacre.keystone.entity.Listings;
import io.nacre.policy.PolicyRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** API reference "Unified limits", registered limits. */
public final class RegisteredLimitApi {
    private static final PolicyRule LIST = KeystonePolicy.domain("list_registered_limits", "");
    private static final PolicyRule GET = KeystonePolicy.domain("get_registered_limit", "");
    private static final PolicyRule CREATE = KeystonePolicy.cloud("create_registered_limits", ADMIN);
    private static final PolicyRule UPDATE = KeystonePolicy.cloud("update_registered_limit", ADMIN);
    private static final PolicyRule DELETE = KeystonePolicy.cloud("delete_registered_limit", ADMIN);

    private final Transactions transactions;
    private final Listings listings;
    private final RegisteredLimitStore registered;
    private final LimitStore limits;
    private final Existence existence;
    private final Ids ids;

    public RegisteredLimitApi(
            Transactions transactions,
            Listings listings,
            RegisteredLimitStore registered,
            LimitStore limits,
            Existence existence,
            Ids ids) {
        this.transactions = transactions;
        this.listings = listings;
        this.registered = registered;
        this.limits = limits;
        this.existence = existence;
        this.ids = ids;
    }

    public List<Route> routes() {
        String all = "/v3/registered_limits";
        String one = all + "/{registered_limit_id}";
        return List.of(
                Route.get(all).policy(LIST).to(this::list),
                Route.post(all)
                        .policy(CREATE)
                        .body(LimitSchemas.CREATE_REGISTERED)
                        .to(this::create),
                Route.get(one).policy(GET).to(this::show),
                Route.patch(one)
                        .policy(UPDATE)
                        .body(LimitSchemas.UPDATE_REGISTERED)
                        .to(this::update),
                Route.delete(one).policy(DELETE).to(this::delete));
    }

    private static Map<String, @Nullable Object> show(Request request, RegisteredLimit limit) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("id", limit.id());
        shown.put("service_id", limit.resource().serviceId());
        shown.put("region_id", limit.resource().regionId());
        shown.put("resource_name", limit.resource().name());
        shown.put("default_limit", limit.value());
        shown.put("description", limit.description());
        return Envelope.linked(request, shown, "/registered_limits/" + limit.id());
    }

    private Response list(Request request) {
        List<Filter> filters = Filter.of(request.query(), "service_id", "region_id", "resource_name");
        return listings.collection(
                request,
                "registered_limits",
                most -> transactions.read(tx -> registered.list(tx, filters, most)),
                RegisteredLimitApi::show);
    }

    private RegisteredLimit require(Tx tx, Request request) {
        return registered.require(tx, request.param("registered_limit_id"));
    }

    private Response show(Request request) {
        return Envelope.member(200, "registered_limit", show(request, transactions.read(tx -> require(tx, request))));
    }

    /** All of them or none. */
    private Response create(Request request) {
        List<RegisteredLimit> wanted = Fields.each(request, "registered_limits").stream()
                .map(fields -> new RegisteredLimit(
                        ids.hex(),
                        new Resource(
                                fields.required("service_id"),
                                fields.text("region_id"),
                                fields.required("resource_name")),
                        fields.integer("default_limit", 0),
                        fields.text("description")))
                .toList();
        transactions.run(tx -> {
            wanted.forEach(limit -> existence.require(tx, limit));
            wanted.forEach(limit -> registered.create(tx, limit));
        });
        return Response.json(
                201,
                "registered_limits",
                wanted.stream().map(limit -> show(request, limit)).toList());
    }

    private Response update(Request request) {
        Fields fields = Fields.of(request, "registered_limit");
        RegisteredLimit changed = transactions.write(tx -> {
            RegisteredLimit present = require(tx, request);
            Resource resource = present.resource();
            RegisteredLimit next = new RegisteredLimit(
                    present.id(),
                    new Resource(
                            Objects.requireNonNullElse(fields.text("service_id"), resource.serviceId()),
                            fields.text("region_id", resource.regionId()),
                            Objects.requireNonNullElse(fields.text("resource_name"), resource.name())),
                    fields.integer("default_limit", present.value()),
                    fields.text("description", present.description()));
            existence.require(tx, next);
            requireUnused(tx, present);
            registered.update(tx, next);
            return next;
        });
        return Envelope.member(200, "registered_limit", show(request, changed));
    }

    private Response delete(Request request) {
        transactions.run(tx -> {
            RegisteredLimit present = require(tx, request);
            requireUnused(tx, present);
            registered.delete(tx, present.id());
        });
        return Response.empty(204);
    }

    private void requireUnused(Tx tx, RegisteredLimit limit) {
        if (limits.isAnyOf(tx, limit.resource())) {
            throw Fault.forbidden("Unable to update or delete registered limit " + limit.id()
                    + " because there are project limits associated with it.");
        }
    }
}
