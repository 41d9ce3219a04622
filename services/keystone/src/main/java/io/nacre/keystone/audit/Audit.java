package io.nacre.keystone.audit;

import io.nacre.base.FaultException;
import io.nacre.base.Ids;
import io.nacre.base.Json;
import io.nacre.http.Handler;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.keystone.audit.NotificationConfig.Format;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;

/** Tells what requests have done. Whoever made them is not kept waiting or refused because nobody hears of it. */
public final class Audit {
    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);
    private static final String SUCCESS = "success";
    private static final String FAILURE = "failure";
    private static final String USER = "service/security/account/user";
    private static final DateTimeFormatter EVENT_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSxx").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter SENT_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

    /** What CADF calls the resources; those it does not know are unknown. */
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("group", "data/security/group"),
            Map.entry("project", "data/security/project"),
            Map.entry("role", "data/security/role"),
            Map.entry("user", "data/security/account/user"),
            Map.entry("domain", "data/security/domain"),
            Map.entry("region", "data/security/region"),
            Map.entry("endpoint", "data/security/endpoint"),
            Map.entry("service", "data/security/service"),
            Map.entry("policy", "data/security/policy"),
            Map.entry("OS-TRUST:trust", "data/security/trust"),
            Map.entry("application_credential", "data/security/credential"));

    private final ScopedValue<Initiator> initiator = ScopedValue.newInstance();
    private final NotificationConfig config;
    private final Consumer<JsonNode> bus;
    private final Supplier<@Nullable String> serviceId;
    private final Predicate<String> domains;
    private final Ids ids;
    private final InstantSource clock;
    private volatile String publisher = "identity.nacre";

    /**
     * @param bus takes a message for the topic of oslo.messaging
     * @param serviceId of the identity service in the catalog; null while there is none
     * @param domains whether the project of this identifier acts as a domain
     */
    public Audit(
            NotificationConfig config,
            Consumer<JsonNode> bus,
            Supplier<@Nullable String> serviceId,
            Predicate<String> domains,
            Ids ids,
            InstantSource clock) {
        this.config = config;
        this.bus = bus;
        this.serviceId = serviceId;
        this.domains = domains;
        this.ids = ids;
        this.clock = clock;
    }

    /** @param host the name of this controller */
    public void publishAs(String host) {
        publisher = "identity." + host;
    }

    /** The same routes; what they do is told. */
    public List<Route> audited(List<Route> routes) {
        return routes.stream().map(this::audited).toList();
    }

    private Route audited(Route route) {
        List<Events.Event> events = Events.of(route);
        Handler told = Events.isGrant(route)
                ? request -> granting(route, request)
                : request -> changing(route, events, request);
        return route.answeredBy(
                request -> ScopedValue.where(initiator, Initiator.of(request)).call(() -> told.handle(request)));
    }

    private Response changing(Route route, List<Events.Event> events, Request request) {
        List<Events.Event> told = isAboutDomain(route, request) ? Events.ofDomain(route) : events;
        Response response = route.handler().handle(request);
        for (Events.Event event : told) {
            tell(event, request, response);
        }
        return response;
    }

    /** Asked before the request is carried out, for afterwards there may be nothing to ask about. */
    private boolean isAboutDomain(Route route, Request request) {
        if (Events.ofDomain(route).isEmpty()) {
            return false;
        }
        return route.method().equals("POST")
                ? BooleanNode.TRUE.equals(request.json("project").get("is_domain"))
                : domains.test(request.param("project_id"));
    }

    private void tell(Events.Event event, Request request, Response response) {
        String id = idOf(event, request, response);
        Map<String, Object> resource = new LinkedHashMap<>(Map.of("resource_info", id));
        if (config.notificationFormat() == Format.BASIC) {
            if (event.actor() != null) {
                resource.put("actor_id", request.param(event.actor()));
                resource.put("actor_type", "user");
                resource.put("actor_operation", request.method().equals("PUT") ? "added" : "removed");
            }
            resource.put("request_id", request.caller().requestId());
            if (!isUnwanted(event.type())) {
                send(event.type(), resource);
            }
            return;
        }
        Map<String, Object> target =
                Map.of("typeURI", TYPES.getOrDefault(event.resource(), "unknown"), "id", Initiator.uuid(id));
        cadf(
                event.type(),
                event.operation() + "." + event.resource(),
                SUCCESS,
                new Parties(initiator.get(), target, null),
                resource);
    }

    /** Of a resource that was made the answer tells it. */
    private static String idOf(Events.Event event, Request request, Response response) {
        if (response.value() instanceof Map<?, ?> answer
                && answer.get(event.id()) instanceof Map<?, ?> made
                && made.get("id") instanceof String id) {
            return id;
        }
        return request.param(event.id());
    }

    private Response granting(Route route, Request request) {
        String operation = request.method().equals("PUT") ? "created" : "deleted";
        try {
            Response response = route.handler().handle(request);
            grant(route, request, operation, SUCCESS);
            return response;
        } catch (FaultException e) {
            grant(route, request, operation, FAILURE);
            throw e;
        }
    }

    private void grant(Route route, Request request, String operation, String outcome) {
        cadf(
                "identity.role_assignment." + operation,
                operation + ".role_assignment",
                outcome,
                new Parties(initiator.get(), user(), null),
                Events.grant(route, request));
    }

    private Map<String, Object> user() {
        return Map.of("typeURI", USER, "id", ids.uuid());
    }

    /**
     * Tells of a login by password.
     *
     * @param reason for which it failed, beyond a wrong password; clients may be told less
     */
    public void authenticated(Claim claim, boolean right, @Nullable Reason reason) {
        Initiator who =
                initiator.isBound() ? initiator.get().as(claim.userId(), claim.userName(), claim.domainId()) : null;
        if (who != null) {
            cadf(
                    "identity.authenticate",
                    "authenticate",
                    right ? SUCCESS : FAILURE,
                    new Parties(who, user(), reason),
                    Map.of());
        }
    }

    /** Why something failed. */
    public record Reason(String reasonType, String reasonCode) {}

    private record Parties(
            Initiator initiator,
            Map<String, Object> target,
            @Nullable Reason reason) {}

    private void cadf(String type, String action, String outcome, Parties parties, Map<String, Object> more) {
        // The outcome of a login is a part of the name by which operators opt out.
        if (isUnwanted(type.equals("identity.authenticate") ? type + "." + outcome : type)) {
            return;
        }
        Map<String, Object> observer = new LinkedHashMap<>();
        observer.put("typeURI", "service/security");
        String service = serviceId.get();
        observer.put("id", service == null ? ids.uuid() : service);
        Map<String, @Nullable Object> event = new LinkedHashMap<>();
        event.put("typeURI", "http://schemas.dmtf.org/cloud/audit/1.0/event");
        event.put("eventType", "activity");
        event.put("id", ids.uuid());
        event.put("eventTime", EVENT_TIME.format(clock.instant()));
        event.put("action", action);
        event.put("outcome", outcome);
        event.put("observer", observer);
        event.put("initiator", parties.initiator().shown());
        event.put("target", parties.target());
        if (parties.reason() != null) {
            event.put("reason", parties.reason());
        }
        event.putAll(more);
        send(type, event);
    }

    private boolean isUnwanted(String name) {
        return config.notificationOptOut().contains(name);
    }

    private void send(String type, Map<String, ?> payload) {
        Instant now = clock.instant();
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("message_id", ids.uuid());
        message.put("publisher_id", publisher);
        message.put("event_type", type);
        message.put("priority", "INFO");
        message.put("payload", payload);
        message.put("timestamp", SENT_TIME.format(now));
        message.put("_unique_id", ids.hex());
        try {
            bus.accept(Json.tree(Map.of("oslo.version", "2.0", "oslo.message", Json.write(message))));
        } catch (RuntimeException e) {
            LOG.warn("nobody was told of {}", type, e);
        }
    }
}
