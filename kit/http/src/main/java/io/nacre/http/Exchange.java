package io.nacre.http;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Ids;
import io.nacre.base.Json;
import io.nacre.base.LostRace;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The whole path of a request through one service. */
final class Exchange extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger("nacre.http");
    private static final Logger ACCESS = LoggerFactory.getLogger("nacre.access");
    private static final Pattern GLOBAL_ID = Pattern.compile("req-[0-9a-fA-F-]{36}");
    private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH", "DELETE");

    private static final String JSON = "application/json";
    private static final String FORM = "application/x-www-form-urlencoded";

    private static final byte[] OK = {'O', 'K'};
    private static final Fault LOST_RACE = Fault.conflict(
                    "The resource was changed by another request at the same time, please try again.")
            .fault();
    private static final Fault UNEXPECTED = Fault.internal(
                    "An unexpected error prevented the server from fulfilling your request.")
            .fault();

    private final Service service;
    private final Router router;
    private final Authenticator authenticator;
    private final HttpConfig config;
    private final Ids ids;
    private final InstantSource clock;
    private final Cors cors;

    Exchange(Service service, Authenticator authenticator, HttpConfig config, Ids ids, InstantSource clock) {
        this.service = service;
        this.router = new Router(service.routes(), service.paths().exact());
        this.authenticator = authenticator;
        this.config = config;
        this.ids = ids;
        this.clock = clock;
        this.cors = new Cors(config.corsOrigins());
    }

    @Override
    public boolean handle(
            org.eclipse.jetty.server.Request wire, org.eclipse.jetty.server.Response out, Callback callback) {
        long began = System.nanoTime();
        String requestId = ids.request();
        MDC.put("request", requestId);
        try {
            Response response = answer(wire, requestId);
            response.header("X-Openstack-Request-Id", requestId);
            if (service.requestIdHeader() != null) {
                response.header(service.requestIdHeader(), requestId);
            }
            cors.allow(wire, response);
            send(wire, out, response);
            if (response.status() != 408) {
                BodyStream.discard(wire, clock, clock.instant().plus(config.idleTimeout()));
            }
            callback.succeeded();
            if (ACCESS.isInfoEnabled()) {
                ACCESS.info(
                        "{} {} {} {} {}us",
                        service.name(),
                        wire.getMethod(),
                        wire.getHttpURI().getPath(),
                        response.status(),
                        (System.nanoTime() - began) / 1000);
            }
        } catch (IOException | RuntimeException e) {
            if (!(e instanceof EofException)) {
                LOG.info("{}: answer not delivered: {}", service.name(), e.toString());
            }
            callback.failed(e);
        } finally {
            MDC.remove("request");
        }
        return true;
    }

    private Response answer(org.eclipse.jetty.server.Request wire, String requestId) {
        Microversions versions = service.microversions();
        int minor = versions == null ? 0 : versions.minimum();
        Response response;
        try {
            if (versions != null && !"/".equals(wire.getHttpURI().getPath())) {
                minor = versions.negotiate(wire.getHeaders());
            }
            response = dispatch(wire, requestId, minor);
        } catch (FaultException e) {
            if (e.is(Fault.Kind.INTERNAL)) {
                log(wire, e);
            }
            response = refuse(wire, e.fault(), requestId, minor);
        } catch (LostRace e) {
            response = refuse(wire, LOST_RACE, requestId, minor);
        } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
            LOG.error("{} {} failed", wire.getMethod(), wire.getHttpURI().getPath(), e);
            response = refuse(wire, UNEXPECTED, requestId, minor);
        }
        if (versions != null) {
            versions.tell(response, minor);
        }
        return response;
    }

    /** A fault without a cause was foreseen: its words say it all. */
    private static void log(org.eclipse.jetty.server.Request wire, FaultException e) {
        String path = wire.getHttpURI().getPath();
        if (e.getCause() == null) {
            LOG.error("{} {} failed: {}", wire.getMethod(), path, e.getMessage());
        } else {
            LOG.error("{} {} failed", wire.getMethod(), path, e);
        }
    }

    private Response dispatch(org.eclipse.jetty.server.Request wire, String requestId, int minor) {
        String path = wire.getHttpURI().getPath();
        if (path == null || path.contains("/../") || path.endsWith("/..")) {
            throw Fault.invalid("The path is not well formed.");
        }
        path = service.paths().alias().apply(path);
        if (path.equals("/healthcheck")) {
            return Response.bytes(200, "text/plain; charset=UTF-8", OK);
        }
        if (wire.getMethod().equals("OPTIONS")) {
            return Response.empty(200);
        }
        Router.Match match = null;
        FaultException unmatched = null;
        try {
            match = router.match(wire.getMethod(), path, service.microversions() == null ? null : (Integer) minor);
        } catch (FaultException e) {
            unmatched = e;
        }
        boolean open = match != null && !match.route().authenticated();
        Caller caller = caller(wire, requestId, open);
        if (!open) {
            requireToken(caller);
        }
        if (match == null) {
            // Who sends no token learns nothing of what is here: 401 before 404 and 405.
            throw Objects.requireNonNull(unmatched);
        }
        return handle(wire, match, caller, minor);
    }

    private Response handle(org.eclipse.jetty.server.Request wire, Router.Match match, Caller caller, int minor) {
        Route route = match.route();
        if (!route.rules().isEmpty() && route.choice() == null) {
            service.policy().enforce(route.rules().getFirst().name(), caller, ownTarget(caller));
        }
        Request request = new Request(
                wire,
                match,
                Query.parse(wire.getHttpURI().getQuery()),
                service.policy(),
                caller,
                minor,
                body(wire, route),
                config.trustProxy());
        if (route.choice() != null) {
            Route.Check check = route.choice().of(request);
            if (check != null) {
                request.enforce(check.rule(), check.target());
            }
        }
        if (route.body() != null) {
            route.body().check(request.json());
        }
        return route.handler().handle(request);
    }

    /** @param open whether a token that is no good counts as none, so that who holds an old one can log in again */
    private Caller caller(org.eclipse.jetty.server.Request wire, String requestId, boolean open) {
        String token = Request.token(wire);
        String global = wire.getHeaders().get("X-OpenStack-Request-ID");
        String globalId = global != null && GLOBAL_ID.matcher(global).matches() ? global : null;
        Caller caller = Caller.anonymous(requestId);
        if (!token.isBlank()) {
            try {
                caller = authenticator.authenticate(new Caller.Claim(
                        token,
                        wire.getHeaders()::get,
                        wire.getMethod(),
                        wire.getHttpURI().getPath(),
                        requestId,
                        globalId));
            } catch (FaultException e) {
                if (!open || !e.is(Fault.Kind.UNAUTHENTICATED)) {
                    throw e;
                }
            }
        }
        return caller.until(clock.instant().plus(config.requestDeadline()));
    }

    private static void requireToken(Caller caller) {
        if (caller.user() == null && !caller.scope().system()) {
            throw Fault.unauthenticated("The request you have made requires authentication.");
        }
    }

    /** The target a route's rule is checked with before its object is known: what the caller owns. */
    private static Map<String, @Nullable Object> ownTarget(Caller caller) {
        Map<String, @Nullable Object> target = new HashMap<>(4);
        target.put("project_id", caller.projectId());
        target.put("user_id", caller.userId());
        return target;
    }

    private @Nullable JsonNode body(org.eclipse.jetty.server.Request wire, Route route) {
        String type = wire.getHeaders().get(HttpHeader.CONTENT_TYPE);
        boolean form = type != null && plain(type).equals(FORM) && route.media().contains(FORM);
        if (!WITH_BODY.contains(wire.getMethod())
                || (route.body() == null && !route.media().isEmpty() && !form)) {
            return null;
        }
        long length = wire.getLength();
        boolean present = length > 0 || wire.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
        if (!present) {
            if (route.body() != null) {
                throw Json.missing();
            }
            return null;
        }
        if (!service.anyMediaType()
                && type != null
                && !form
                && !plain(type).equals(JSON)
                && !route.media().contains(type)) {
            throw Fault.of(
                    Fault.Kind.UNSUPPORTED_MEDIA_TYPE,
                    "UnsupportedMediaType",
                    "The media type " + type + " is not supported, use application/json.");
        }
        if (length > config.maxJsonBytes()) {
            throw BodyStream.tooLarge();
        }
        BodyStream stream = new BodyStream(
                BodyStream.of(wire),
                config.maxJsonBytes(),
                clock,
                clock.instant().plus(config.requestDeadline()));
        return form ? form(stream) : Json.parse(stream);
    }

    /** A form as an object of texts. Faults with INVALID when a name comes twice (RFC 6749, section 3.2). */
    private static JsonNode form(BodyStream stream) {
        try (stream) {
            Query sent = Query.parse(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
            ObjectNode form = Json.object();
            for (String name : sent.names()) {
                if (sent.all(name).size() > 1) {
                    throw Fault.invalid("The form holds a name more than once.");
                }
                form.put(name, sent.get(name));
            }
            return form;
        } catch (IOException e) {
            throw Fault.invalid("The request body could not be read.").because(e);
        }
    }

    /** The media type without its parameters. */
    private static String plain(String type) {
        return type.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
    }

    private Response refuse(org.eclipse.jetty.server.Request wire, Fault fault, String requestId, int minor) {
        int status = service.errors().statusOf(fault);
        Fault told = fault.details().get(Violation.DETAIL) instanceof Violation violation
                ? new Fault(fault.kind(), fault.code(), service.errors().words(violation), Map.of())
                : fault;
        Response response = service.errors()
                .render(new ErrorFormat.Failure(
                        status, told, requestId, wire.getHeaders().get("Accept"), minor));
        if (fault.details().get("allow") instanceof String allow) {
            response.header("Allow", allow);
        }
        // The rest of the body may be long, or never come: the connection ends with the answer.
        boolean endless = wire.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
        if (wire.getLength() > config.maxJsonBytes() || status == 408 || (status == 401 && endless)) {
            response.header("Connection", "close");
        }
        return response;
    }

    private static void send(
            org.eclipse.jetty.server.Request wire, org.eclipse.jetty.server.Response out, Response response)
            throws IOException {
        out.setStatus(response.status());
        HttpFields.Mutable headers = out.getHeaders();
        response.headers().forEach(header -> headers.add(header.getKey(), header.getValue()));
        if (response.contentType() != null) {
            headers.put(HttpHeader.CONTENT_TYPE, response.contentType());
        }
        boolean head = wire.getMethod().equals("HEAD");
        switch (response.body()) {
            case null -> {
                if (response.status() != 204 && response.status() != 304 && !head) {
                    headers.put(HttpHeader.CONTENT_LENGTH, 0);
                }
            }
            case Response.Body.Value value -> bytes(out, Json.bytes(value.value()), head);
            case Response.Body.Bytes bytes -> bytes(out, bytes.bytes(), head);
            case Response.Body.Stream stream -> {
                if (stream.length() >= 0) {
                    headers.put(HttpHeader.CONTENT_LENGTH, stream.length());
                }
                if (!head) {
                    try (OutputStream sink = new BufferedOutputStream(Content.Sink.asOutputStream(out), 1 << 16)) {
                        stream.writer().write(sink);
                    }
                }
            }
        }
    }

    private static void bytes(org.eclipse.jetty.server.Response out, byte[] bytes, boolean head) throws IOException {
        out.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
        if (!head) {
            Content.Sink.write(out, true, ByteBuffer.wrap(bytes));
        }
    }
}
