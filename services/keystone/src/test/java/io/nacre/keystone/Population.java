package io.nacre.keystone;

import io.nacre.keystone.Defaults.Persona;
import io.nacre.keystone.Defaults.Whose;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.MutableClock;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Two domains with everything in them, and a user for each role in each scope, all of the first domain. */
final class Population {
    private static final Pattern PARAMETER = Pattern.compile("\\{([a-z_]+)}");
    private static final List<String> ROLES = List.of("admin", "manager", "member", "reader", "service");
    private static final Map<String, Set<String>> WITH_IMPLIED = Map.of(
            "admin", Set.of("admin", "manager", "member", "reader"),
            "manager", Set.of("manager", "member", "reader"),
            "member", Set.of("member", "reader"),
            "reader", Set.of("reader"),
            "service", Set.of("service"));
    private static final List<Map<String, String>> EVERYTHING =
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE").stream()
                    .map(method -> Map.of("service", "identity", "method", method, "path", "/**"))
                    .toList();

    private final KeystoneServer cloud;
    private final MutableClock clock;
    private final String admin;
    private final String system;
    private final Map<String, String> roles = new HashMap<>();
    private final Map<String, String> home = new HashMap<>();
    private final Map<String, String> away = new HashMap<>();
    private final Map<String, Map<String, String>> owned = new HashMap<>();
    private final List<Persona> all = new ArrayList<>();
    private final List<Persona> refused = new ArrayList<>();
    private final String othersToken;

    Population(KeystoneServer cloud, MutableClock clock) {
        this.cloud = cloud;
        this.clock = clock;
        admin = cloud.admin();
        system = cloud.systemAdmin();
        for (String role : ROLES) {
            roles.put(role, cloud.role(admin, role));
        }
        common();
        domain(away, "away");
        domain(home, "home");
        away.put("user_id", user("stranger", away.get("domain_id")));
        own(away, "stranger", "away", away.get("project_id"));
        othersToken = token("stranger", "away", project(away.get("project_id")));
        for (String role : ROLES) {
            for (char scope : new char[] {'S', 'D', 'P'}) {
                all.add(persona(role, scope));
            }
        }
        all.add(unscoped());
        derived();
        nobodies();
    }

    List<Persona> all() {
        return all;
    }

    /** Tokens that were good once, or never. */
    List<Persona> refused() {
        return refused;
    }

    /** What belongs to nobody in particular. */
    private void common() {
        Map<String, String> ids = new HashMap<>();
        ids.put("role_id", cloud.make(admin, "/v3/roles", "role", Map.of("name", "plain")));
        ids.put("prior_role_id", ids.get("role_id"));
        ids.put("implied_role_id", cloud.make(admin, "/v3/roles", "role", Map.of("name", "implied")));
        ids.put("region_id", cloud.make(admin, "/v3/regions", "region", Map.of("id", "there")));
        ids.put("service_id", cloud.make(admin, "/v3/services", "service", Map.of("type", "thing")));
        Map<String, ?> endpoint =
                Map.of("interface", "public", "service_id", ids.get("service_id"), "url", "http://x/");
        ids.put("endpoint_id", cloud.make(admin, "/v3/endpoints", "endpoint", endpoint));
        ids.put("policy_id", cloud.make(admin, "/v3/policies", "policy", Map.of("type", "text/plain", "blob", "{}")));
        ids.put(
                "endpoint_group_id",
                cloud.make(
                        admin,
                        "/v3/OS-EP-FILTER/endpoint_groups",
                        "endpoint_group",
                        Map.of("name", "some", "filters", Map.of("service_id", ids.get("service_id")))));
        ids.put("consumer_id", cloud.make(admin, "/v3/OS-OAUTH1/consumers", "consumer", Map.of("description", "ci")));
        Map<String, ?> rules = Map.of(
                "rules",
                List.of(Map.of(
                        "local", List.of(Map.of("user", Map.of("name", "{0}"))),
                        "remote", List.of(Map.of("type", "sub")))));
        cloud.put(admin, "/v3/OS-FEDERATION/mappings/map", Map.of("mapping", rules));
        cloud.put(admin, "/v3/OS-FEDERATION/identity_providers/acme", Map.of("identity_provider", Map.of()));
        cloud.put(
                admin,
                "/v3/OS-FEDERATION/identity_providers/acme/protocols/openid",
                Map.of("protocol", Map.of("mapping_id", "map")));
        ids.putAll(Map.of("mapping_id", "map", "idp_id", "acme", "protocol_id", "openid"));
        ids.putAll(Map.of("group", "identity", "option", "driver", "value", "tag"));
        Map<String, ?> limit = Map.of("service_id", ids.get("service_id"), "resource_name", "r", "default_limit", 5);
        ids.put(
                "registered_limit_id",
                cloud.post(system, "/v3/registered_limits", Map.of("registered_limits", List.of(limit)))
                        .each("registered_limits", "id")
                        .getFirst());
        home.putAll(ids);
        away.putAll(ids);
    }

    private void domain(Map<String, String> ids, String name) {
        String domain = cloud.make(admin, "/v3/domains", "domain", Map.of("name", name));
        Map<String, String> inDomain = Map.of("name", name, "domain_id", domain);
        ids.put("domain_id", domain);
        ids.put("project_id", cloud.make(admin, "/v3/projects", "project", inDomain));
        ids.put("group_id", cloud.make(admin, "/v3/groups", "group", inDomain));
        Map<String, ?> limit = Map.of(
                "service_id",
                ids.get("service_id"),
                "resource_name",
                "r",
                "resource_limit",
                5,
                "project_id",
                ids.get("project_id"));
        ids.put(
                "limit_id",
                cloud.post(system, "/v3/limits", Map.of("limits", List.of(limit)))
                        .each("limits", "id")
                        .getFirst());
    }

    private String user(String name, String domainId) {
        return cloud.make(admin, "/v3/users", "user", Map.of("name", name, "password", "pw", "domain_id", domainId));
    }

    private String token(String user, String domain, @Nullable Object scope) {
        Answer answer = cloud.login(Map.of("name", user, "domain", Map.of("name", domain), "password", "pw"), scope);
        if (answer.status() != 201) {
            throw new AssertionError(user + ": " + answer.response().body());
        }
        return answer.header("X-Subject-Token");
    }

    private static Map<String, ?> project(String id) {
        return Map.of("project", Map.of("id", id));
    }

    /** What a user has: made with a token for a project on which nobody else has a role that matters here. */
    private void own(Map<String, String> ids, String name, String domain, @Nullable String projectId) {
        String user = ids.get("user_id");
        String on = projectId == null
                ? cloud.make(
                        admin,
                        "/v3/projects",
                        "project",
                        Map.of("name", "of-" + name, "domain_id", home.get("domain_id")))
                : projectId;
        cloud.grant(admin, on, user, roles.get("member"));
        String token = token(name, domain, project(on));
        ids.put(
                "credential_id",
                cloud.make(
                        admin, "/v3/credentials", "credential", Map.of("user_id", user, "type", "cert", "blob", "{}")));
        ids.put(
                "access",
                cloud.post(token, "/v3/users/" + user + "/credentials/OS-EC2", Map.of("tenant_id", on))
                        .json()
                        .at("/credential/access")
                        .asString());
        Map<String, ?> rule = Map.of("service", "compute", "method", "GET", "path", "/" + name);
        Answer made = credential(user, token, Map.of("name", "own", "access_rules", List.of(rule)));
        ids.put("application_credential_id", made.id("application_credential"));
        ids.put(
                "access_rule_id",
                cloud.get(token, "/v3/users/" + user + "/access_rules")
                        .each("access_rules", "id")
                        .getFirst());
        Map<String, ?> trust = Map.of(
                "trustor_user_id",
                user,
                "trustee_user_id",
                cloud.get(admin, "/v3/users?name=admin").each("users", "id").getFirst(),
                "impersonation",
                false,
                "project_id",
                on,
                "roles",
                List.of(Map.of("name", "reader")));
        ids.put("trust_id", cloud.make(token, "/v3/OS-TRUST/trusts", "trust", trust));
        ids.put("trustor_user_id", user);
        ids.put("trustee_user_id", user);
    }

    private Answer credential(String user, String token, Map<String, ?> attributes) {
        return cloud.post(
                token, "/v3/users/" + user + "/application_credentials", Map.of("application_credential", attributes));
    }

    private String byCredential(String user, String token, Map<String, ?> attributes) {
        Answer made = credential(user, token, attributes);
        Map<String, ?> proof = Map.of(
                "id", made.id("application_credential"),
                "secret", made.json().at("/application_credential/secret").asString());
        Map<String, ?> method = Map.of("methods", List.of("application_credential"), "application_credential", proof);
        return cloud.post(null, "/v3/auth/tokens", KeystoneServer.auth(method, null))
                .header("X-Subject-Token");
    }

    private Persona persona(String role, char scope) {
        String name = role + " of " + scope;
        String id = user(name, home.get("domain_id"));
        Map<String, String> ids = new HashMap<>();
        ids.put("user_id", id);
        own(ids, name, "home", null);
        owned.put(id, ids);
        String path = switch (scope) {
            case 'S' -> "/v3/system";
            case 'D' -> "/v3/domains/" + home.get("domain_id");
            default -> "/v3/projects/" + home.get("project_id");
        };
        cloud.put(admin, path + "/users/" + id + "/roles/" + roles.get(role), null);
        Map<String, ?> wish = switch (scope) {
            case 'S' -> Map.of("system", Map.of("all", true));
            case 'D' -> Map.of("domain", Map.of("id", home.get("domain_id")));
            default -> project(home.get("project_id"));
        };
        return new Persona(name, id, scope, WITH_IMPLIED.get(role), token(name, "home", wish));
    }

    private Persona unscoped() {
        String id = user("unscoped", home.get("domain_id"));
        Map<String, String> ids = new HashMap<>();
        ids.put("user_id", id);
        own(ids, "unscoped", "home", null);
        owned.put(id, ids);
        return new Persona("unscoped", id, 'N', Set.of(), token("unscoped", "home", "unscoped"));
    }

    private Persona named(String name) {
        return all.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    }

    /** Tokens that were got with something else than a password give what their source gives, or less. */
    private void derived() {
        Map<String, Persona> sources = new LinkedHashMap<>();
        for (String role : List.of("admin", "member", "service")) {
            sources.put(role, named(role + " of P"));
        }
        sources.forEach((role, source) -> {
            String plain = byCredential(source.userId(), source.token(), Map.of("name", "plain"));
            all.add(like(source, "by credential", source.roles(), plain));
            String bound =
                    byCredential(source.userId(), source.token(), Map.of("name", "bound", "access_rules", EVERYTHING));
            all.add(like(source, "by credential with rules", source.roles(), bound));
        });
        Persona adminOfProject = sources.get("admin");
        String narrow = byCredential(
                adminOfProject.userId(),
                adminOfProject.token(),
                Map.of("name", "narrow", "roles", List.of(Map.of("name", "reader"))));
        all.add(like(adminOfProject, "by credential for reading", Set.of("reader"), narrow));
        all.add(like(adminOfProject, "by trust", Set.of("reader"), byTrust(adminOfProject)));
        all.add(like(adminOfProject, "by key", adminOfProject.roles(), byKey(adminOfProject)));
    }

    private static Persona like(Persona source, String how, Set<String> roles, String token) {
        return new Persona(source.name() + " " + how, source.userId(), 'P', new HashSet<>(roles), token);
    }

    private String byTrust(Persona trustor) {
        Map<String, ?> trust = Map.of(
                "trustor_user_id", trustor.userId(),
                "trustee_user_id", away.get("user_id"),
                "impersonation", true,
                "project_id", home.get("project_id"),
                "roles", List.of(Map.of("name", "reader")));
        String id = cloud.make(trustor.token(), "/v3/OS-TRUST/trusts", "trust", trust);
        return token("stranger", "away", Map.of("OS-TRUST:trust", Map.of("id", id)));
    }

    private String byKey(Persona owner) {
        Map<String, ?> key = cloud.post(
                        owner.token(),
                        "/v3/users/" + owner.userId() + "/credentials/OS-EC2",
                        Map.of("tenant_id", home.get("project_id")))
                .json()
                .get("credential")
                .propertyStream()
                .filter(one -> one.getValue().isString())
                .collect(Collectors.toMap(
                        Map.Entry::getKey, one -> one.getValue().asString()));
        String stamp = clock.instant().toString();
        Map<String, ?> signed = Map.of(
                "access",
                String.valueOf(key.get("access")),
                "signature",
                signature(String.valueOf(key.get("secret")), "List" + stamp),
                "host",
                "cloud:8773",
                "verb",
                "GET",
                "path",
                "/",
                "params",
                Map.of("SignatureVersion", "0", "Action", "List", "Timestamp", stamp));
        return cloud.post(admin, "/v3/ec2tokens", Map.of("credentials", signed)).header("X-Subject-Token");
    }

    private static String signature(String secret, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All of an administrator whom everything would be allowed. */
    private void nobodies() {
        Persona source = named("admin of P");
        Instant end = clock.instant().plus(Duration.ofMinutes(5));
        String brief = byCredential(
                source.userId(),
                source.token(),
                Map.of("name", "brief", "expires_at", end.toString().replace("Z", "")));
        clock.advance(Duration.ofMinutes(10));
        refused.add(like(source, "expired", source.roles(), brief));
        String revoked = token(source.name(), "home", project(home.get("project_id")));
        cloud.send("DELETE", "/v3/auth/tokens", admin, null, Map.of("X-Subject-Token", revoked));
        refused.add(like(source, "revoked", source.roles(), revoked));
        Map<String, ?> rule = Map.of("service", "compute", "method", "GET", "path", "/**");
        String bound = byCredential(
                source.userId(), source.token(), Map.of("name", "elsewhere", "access_rules", List.of(rule)));
        refused.add(like(source, "with other rules", source.roles(), bound));
        refused.add(like(source, "forged", source.roles(), source.token().replaceFirst("gAAAAA", "gAAAAB")));
        refused.add(like(source, "without token", Set.of(), ""));
    }

    /** The token that a request for /v3/auth/tokens is about. */
    String subject(Persona persona, Whose whose) {
        return switch (whose) {
            case OWN -> persona.token().isEmpty() ? othersToken : persona.token();
            case OTHERS, CROSSED -> othersToken;
            case NOBODYS -> "nonsense";
        };
    }

    /** The path with identifiers in the place of its parameters. */
    String fill(String path, Persona persona, Whose whose) {
        Map<String, String> own = owned.get(persona.userId());
        return PARAMETER.matcher(path).replaceAll(parameter -> {
            String name = parameter.group(1);
            boolean key = name.equals("credential_id") && path.contains("OS-EC2");
            boolean mine = whose == Whose.OWN || (whose == Whose.CROSSED && name.equals("user_id"));
            Map<String, String> ids = mine ? own : away;
            String lookedFor = key ? "access" : name;
            String found = whose == Whose.NOBODYS
                    ? "nobodys"
                    : ids.getOrDefault(lookedFor, (mine ? home : away).getOrDefault(lookedFor, "missing"));
            return Matcher.quoteReplacement(found);
        });
    }
}
