package io.nacre.keystone.endpointpolicy;

import static io.nacre.keystone.KeystonePolicy.ADMIN;
import static io.nacre.keystone.KeystonePolicy.ADMIN_OR_SYSTEM_READER;

import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.keystone.KeystonePolicy;
import io.nacre.keystone.endpoint.Endpoint;
import io.nacre.keystone.endpoint.EndpointApi;
import io.nacre.keystone.endpoint.EndpointStore;
import io.nacre.keystone.entity.Envelope;
import io.nacre.keystone.policydocument.PolicyDocument;
import io.nacre.keystone.policydocument.PolicyDocumentApi;
import io.nacre.keystone.policydocument.PolicyDocumentStore;
import io.nacre.keystone.region.RegionStore;
import io.nacre.keystone.service.ServiceStore;
import io.nacre.policy.PolicyRule;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** API reference "OS-ENDPOINT-POLICY". */
public final class EndpointPolicyApi {
    private static final PolicyRule LIST_ENDPOINTS =
            KeystonePolicy.cloud("list_endpoints_for_policy", ADMIN_OR_SYSTEM_READER);
    private static final PolicyRule GET = KeystonePolicy.cloud("get_policy_for_endpoint", ADMIN_OR_SYSTEM_READER);

    private final Transactions transactions;
    private final PolicyAssociationStore associations;
    private final PolicyDocumentStore documents;
    private final EndpointStore endpoints;
    private final ServiceStore services;
    private final RegionStore regions;

    public EndpointPolicyApi(
            Transactions transactions,
            PolicyAssociationStore associations,
            PolicyDocumentStore documents,
            EndpointStore endpoints,
            ServiceStore services,
            RegionStore regions) {
        this.transactions = transactions;
        this.associations = associations;
        this.documents = documents;
        this.endpoints = endpoints;
        this.services = services;
        this.regions = regions;
    }

    public List<Route> routes() {
        String policy = "/v3/policies/{policy_id}/OS-ENDPOINT-POLICY";
        List<Route> routes = new ArrayList<>();
        routes.add(Route.get(policy + "/endpoints").policy(LIST_ENDPOINTS).to(this::endpoints));
        routes.add(Route.get("/v3/endpoints/{endpoint_id}/OS-ENDPOINT-POLICY/policy")
                .policy(GET)
                .to(this::policy));
        routes.addAll(associations("endpoint", policy + "/endpoints/{endpoint_id}", this::endpoint));
        routes.addAll(associations("service", policy + "/services/{service_id}", this::service));
        routes.addAll(associations(
                "region_and_service", policy + "/services/{service_id}/regions/{region_id}", this::serviceInRegion));
        return routes;
    }

    private List<Route> associations(String kind, String path, BiFunction<Tx, Request, Subject> subject) {
        String rule = "_policy_association_for_" + kind;
        return List.of(
                Route.get(path)
                        .policy(KeystonePolicy.cloud("check" + rule, ADMIN_OR_SYSTEM_READER))
                        .to(request -> check(request, subject)),
                Route.put(path)
                        .policy(KeystonePolicy.cloud("create" + rule, ADMIN))
                        .to(request -> associate(request, subject)),
                Route.delete(path)
                        .policy(KeystonePolicy.cloud("delete" + rule, ADMIN))
                        .to(request -> dissociate(request, subject)));
    }

    private Subject endpoint(Tx tx, Request request) {
        return Subject.endpoint(
                endpoints.require(tx, request.param("endpoint_id")).id());
    }

    private Subject service(Tx tx, Request request) {
        return Subject.service(services.require(tx, request.param("service_id")).id());
    }

    private Subject serviceInRegion(Tx tx, Request request) {
        return Subject.serviceIn(
                services.require(tx, request.param("service_id")).id(),
                regions.require(tx, request.param("region_id")).id());
    }

    private String document(Tx tx, Request request) {
        return documents.require(tx, request.param("policy_id")).id();
    }

    private Response check(Request request, BiFunction<Tx, Request, Subject> subject) {
        boolean associated = transactions.read(tx -> {
            String policyId = document(tx, request);
            return associations
                    .policyOf(tx, subject.apply(tx, request))
                    .filter(policyId::equals)
                    .isPresent();
        });
        if (!associated) {
            throw Fault.notFound("Could not find policy association.");
        }
        return Response.empty(204);
    }

    private Response associate(Request request, BiFunction<Tx, Request, Subject> subject) {
        transactions.run(tx -> {
            String policyId = document(tx, request);
            associations.put(tx, subject.apply(tx, request), policyId);
        });
        return Response.empty(204);
    }

    /** Also when there is no such association. */
    private Response dissociate(Request request, BiFunction<Tx, Request, Subject> subject) {
        transactions.run(tx -> {
            String policyId = document(tx, request);
            associations.delete(tx, subject.apply(tx, request), policyId);
        });
        return Response.empty(204);
    }

    private Response endpoints(Request request) {
        List<Endpoint> covered = transactions.read(tx -> {
            List<Subject> subjects = associations.subjectsOf(tx, document(tx, request));
            return endpoints.list(tx, List.of()).stream()
                    .filter(endpoint -> {
                        Set<String> around = regionsAround(tx, endpoint);
                        return subjects.stream().anyMatch(subject -> subject.covers(endpoint, around));
                    })
                    .toList();
        });
        return Envelope.collection(request, "endpoints", covered, EndpointApi::show);
    }

    private Response policy(Request request) {
        PolicyDocument document = transactions.read(tx -> {
            Endpoint endpoint = endpoints.require(tx, request.param("endpoint_id"));
            return narrowest(tx, endpoint)
                    .map(policyId -> documents.require(tx, policyId))
                    .orElseThrow(() -> Fault.notFound("No policy is associated with endpoint " + endpoint.id() + "."));
        });
        return Envelope.member(200, "policy", PolicyDocumentApi.show(request, document));
    }

    /** That of the endpoint, else of its service in the nearest region, else of its service. */
    private Optional<String> narrowest(Tx tx, Endpoint endpoint) {
        List<Subject> subjects = new ArrayList<>(List.of(Subject.endpoint(endpoint.id())));
        regionsAround(tx, endpoint)
                .forEach(regionId -> subjects.add(Subject.serviceIn(endpoint.serviceId(), regionId)));
        subjects.add(Subject.service(endpoint.serviceId()));
        return subjects.stream()
                .flatMap(subject -> associations.policyOf(tx, subject).stream())
                .findFirst();
    }

    /** The endpoint's region and those above it, nearest first. */
    private Set<String> regionsAround(Tx tx, Endpoint endpoint) {
        Set<String> around = new LinkedHashSet<>();
        String next = endpoint.regionId();
        while (next != null && around.add(next)) {
            next = regions.require(tx, next).parentId();
        }
        return around;
    }
}
