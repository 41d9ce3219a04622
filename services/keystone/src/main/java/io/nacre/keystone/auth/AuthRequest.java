package io.nacre.keystone.auth;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Json;
import io.nacre.keystone.oauth.SignedRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a login asks for. Only the form is looked at here.
 *
 * @param methods in the order in which they were sent, each once
 * @param signed the request itself, for who signs it; faults with INVALID when nobody has
 * @param proofs what each method was sent, by its name
 */
record AuthRequest(List<String> methods, Map<String, JsonNode> proofs, Wish wish, Supplier<SignedRequest> signed) {
    static final String PASSWORD = "password";
    static final String TOKEN = "token";
    static final String APPLICATION_CREDENTIAL = "application_credential";
    static final String TOTP = "totp";
    static final String OAUTH1 = "oauth1";
    static final Set<String> METHODS = Set.of(PASSWORD, TOKEN, APPLICATION_CREDENTIAL, TOTP, OAUTH1);
    private static final List<String> SCOPES = List.of("project", "domain", "system", "OS-TRUST:trust", "unscoped");

    private static final String ONE_SCOPE = "system, project, domain, OS-TRUST:trust or unscoped";

    /** The scope that is asked for. */
    sealed interface Wish {}

    /** Nothing was said: the user's default project, or no scope. */
    record Unsaid() implements Wish {}

    record NoScope() implements Wish {}

    record OfSystem() implements Wish {}

    record ByTrust(String id) implements Wish {}

    record OfDomain(Named domain) implements Wish {}

    record OfProject(Named project) implements Wish {}

    /** By identifier, or by name within a domain when it is something that lives in one. */
    record Named(
            @Nullable String id,
            @Nullable String name,
            @Nullable Named domain) {

        /** Faults with INVALID when neither the identifier nor the name is there, or a name without its domain. */
        static Named of(JsonNode node, String what, boolean inDomain) {
            String id = text(node, "id");
            String name = text(node, "name");
            if (id == null && name == null) {
                throw missing("id or name", what);
            }
            Named domain = null;
            if (inDomain && name != null) {
                JsonNode of = node.get("domain");
                if (of == null || !of.isObject()) {
                    throw missing("domain", what);
                }
                domain = of(of, "domain", false);
            }
            return new Named(id, name, domain);
        }
    }

    /** Of a program with an application credential. */
    static AuthRequest ofCredential(String id, String secret) {
        JsonNode proof = Json.tree(Map.of("id", id, "secret", secret));
        return new AuthRequest(
                List.of(APPLICATION_CREDENTIAL), Map.of(APPLICATION_CREDENTIAL, proof), new Unsaid(), () -> {
                    throw Authorizations.denied();
                });
    }

    static AuthRequest of(JsonNode auth, Supplier<SignedRequest> signed) {
        requireNamed(auth, "identity/password/user");
        requireNamed(auth, "identity/password/user/domain");
        for (String scope : List.of("scope/project", "scope/project/domain", "scope/domain")) {
            requireNamed(auth, scope);
        }
        JsonNode identity = auth.get("identity");
        Set<String> methods = new LinkedHashSet<>();
        for (JsonNode method : identity.get("methods")) {
            methods.add(method.asString());
        }
        for (String method : methods) {
            if (!identity.has(method)) {
                throw missing(method, "identity");
            }
        }
        for (String method : methods) {
            if (!METHODS.contains(method) || !identity.get(method).isObject()) {
                throw new FaultException(new Fault(
                        Fault.Kind.UNAUTHENTICATED,
                        "Unauthorized",
                        "Attempted to authenticate with an unsupported method.",
                        Map.of("identity", Map.of("methods", List.copyOf(new ArrayList<>(METHODS))))));
            }
        }
        if (methods.isEmpty()) {
            throw Authorizations.denied();
        }
        Map<String, JsonNode> proofs = new HashMap<>();
        methods.forEach(method -> proofs.put(method, identity.get(method)));
        return new AuthRequest(List.copyOf(methods), proofs, wish(auth.get("scope")), signed);
    }

    /** Faults with INVALID when there is something at this place, but neither its identifier nor its name. */
    private static void requireNamed(JsonNode auth, String place) {
        JsonNode node = auth.at("/" + place);
        if (node.isObject() && !node.has("id") && !node.has("name")) {
            throw Fault.invalid("Invalid input for field " + place + ": id or name must be present.");
        }
    }

    private static Wish wish(@Nullable JsonNode scope) {
        if (scope == null || scope.isNull()) {
            return new Unsaid();
        }
        if (scope.isString()) {
            if (scope.asString().equals("unscoped")) {
                return new NoScope();
            }
            throw missing(ONE_SCOPE, "scope");
        }
        List<String> present = SCOPES.stream().filter(scope::has).toList();
        if (present.size() != 1) {
            throw missing(ONE_SCOPE, "scope");
        }
        JsonNode value = scope.get(present.getFirst());
        return switch (present.getFirst()) {
            case "project" -> new OfProject(Named.of(value, "project", true));
            case "domain" -> new OfDomain(Named.of(value, "domain", false));
            case "system" -> new OfSystem();
            case "unscoped" -> new NoScope();
            default -> {
                String id = text(value, "id");
                if (id == null) {
                    throw missing("trust_id", "trust");
                }
                yield new ByTrust(id);
            }
        };
    }

    static @Nullable String text(JsonNode node, String name) {
        JsonNode value = node.get(name);
        return value == null || !value.isString() ? null : value.asString();
    }

    static FaultException missing(String attribute, String target) {
        return Fault.invalid("Expecting to find " + attribute + " in " + target
                + ". The server could not comply with the request since it is either malformed or otherwise incorrect."
                + " The client is assumed to be in error.");
    }
}
