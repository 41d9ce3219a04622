package io.nacre.http;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Json;
import io.nacre.policy.Policy;
import io.nacre.policy.PolicyRule;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpField;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A request that has passed its route's checks, as a handler sees it. */
public final class Request {
    private static final String BEARER = "Bearer ";

    private final org.eclipse.jetty.server.Request wire;
    private final String path;
    private final Map<String, String> parameters;
    private final Query query;
    private final Policy policy;
    private final Caller caller;
    private final int minor;
    private final @Nullable JsonNode body;
    private final boolean trustProxy;

    Request(
            org.eclipse.jetty.server.Request wire,
            Router.Match match,
            Query query,
            Policy policy,
            Caller caller,
            int minor,
            @Nullable JsonNode body,
            boolean trustProxy) {
        this.wire = wire;
        this.path = match.path();
        this.parameters = match.parameters();
        this.query = query;
        this.policy = policy;
        this.caller = caller;
        this.minor = minor;
        this.body = body;
        this.trustProxy = trustProxy;
    }

    public String method() {
        return wire.getMethod();
    }

    /** The path as the routes have it, nothing decoded. */
    public String path() {
        return path;
    }

    /** A path parameter, decoded. */
    public String param(String name) {
        String value = parameters.get(name);
        if (value == null) {
            throw new IllegalStateException("no path parameter " + name);
        }
        return value;
    }

    public Query query() {
        return query;
    }

    /** The header's first value, null when it is not there. */
    public @Nullable String header(String name) {
        return wire.getHeaders().get(name);
    }

    /** What the request sent to say who it is from; empty for nothing. */
    public String token() {
        return token(wire);
    }

    /** X-Auth-Token, or a bearer token (RFC 6750), as keystonemiddleware's oauth2_token takes it. */
    static String token(org.eclipse.jetty.server.Request wire) {
        String token = wire.getHeaders().get("X-Auth-Token");
        if (token != null) {
            return token;
        }
        String sent = wire.getHeaders().get("Authorization");
        return sent != null && sent.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? sent.substring(BEARER.length()).strip()
                : "";
    }

    public List<HttpField> headers() {
        return wire.getHeaders().stream().toList();
    }

    public Caller caller() {
        return caller;
    }

    /** The minor version that was negotiated; 0 in an API without them. */
    public int minor() {
        return minor;
    }

    /** The JSON body, already checked against the route's schema when it has one. */
    public JsonNode json() {
        if (body == null) {
            throw Json.missing();
        }
        return body;
    }

    /** The JSON body's member of this name, which the schema requires. */
    public JsonNode json(String member) {
        JsonNode node = json().get(member);
        if (node == null) {
            throw Fault.invalid("The request body has no '" + member + "'.");
        }
        return node;
    }

    public boolean hasBody() {
        return body != null;
    }

    /** The body as it comes in, for handlers that stream; -1 when its length is not known. */
    public long contentLength() {
        return wire.getLength();
    }

    public InputStream stream() {
        return BodyStream.of(wire);
    }

    /** Faults with FORBIDDEN unless the rule allows it on this target, such as the project_id of the object found. */
    public void enforce(PolicyRule rule, Map<String, ? extends @Nullable Object> target) {
        policy.enforce(rule.name(), caller, target);
    }

    public boolean allows(PolicyRule rule, Map<String, ? extends @Nullable Object> target) {
        return policy.allows(rule.name(), caller, target);
    }

    /** Scheme, host and port by which the client reached this service, without a slash at the end. */
    public String baseUrl() {
        String host = wire.getHeaders().get("Host");
        String scheme = wire.isSecure() ? "https" : "http";
        if (trustProxy) {
            String forwarded = wire.getHeaders().get("X-Forwarded-Host");
            String proto = wire.getHeaders().get("X-Forwarded-Proto");
            host = forwarded == null ? host : forwarded;
            scheme = "https".equals(proto) ? "https" : scheme;
        }
        return scheme + "://" + (host == null ? wire.getHttpURI().getAuthority() : host);
    }

    /** The request's own URL with the query changed; a null value leaves the name out. */
    public String url(Map<String, @Nullable String> changes) {
        String text = query.with(new HashMap<>(changes));
        return baseUrl() + path() + (text.isEmpty() ? "" : "?" + text);
    }

    /** Who is at the other end of the connection. */
    public String remoteAddress() {
        return org.eclipse.jetty.server.Request.getRemoteAddr(wire);
    }
}
