package io.nacre.keystone;

import io.nacre.base.Caller;
import io.nacre.base.FaultException;
import io.nacre.keystone.Derived.Kind;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * People who log in, hand on what they may do in every way there is, and lose it again, all at random; beside a model of
 * the most that each thing derived may be good for. A walk asks what one of them is good for now.
 */
final class DelegationChains {
    private static final int MOST = 400;
    private static final Instant NEVER = Instant.MAX;

    private final KeystoneServer cloud;
    private final MutableClock clock;
    private final DelegationModel model;
    private final Random random;
    private final List<String> users = new ArrayList<>();
    private final Map<String, String> names = new HashMap<>();
    private final List<String> projects = new ArrayList<>();
    private final Map<String, String> roleIds = new HashMap<>();
    private final Set<String> credentials = new HashSet<>();
    private final List<Derived> all = new ArrayList<>();
    private final List<String> excesses = new ArrayList<>();
    private final Map<Kind, Integer> made = new EnumMap<>(Kind.class);
    private String admin;
    private int serial;
    private int walks;
    private int good;
    private int deepest;

    DelegationChains(KeystoneServer cloud, MutableClock clock, long seed) {
        this.cloud = cloud;
        this.clock = clock;
        this.model = new DelegationModel(clock);
        this.random = new Random(seed);
        admin = cloud.admin();
        DelegationModel.ROLES.forEach(
                name -> roleIds.put(name, cloud.make(admin, "/v3/roles", "role", Map.of("name", name))));
        DelegationModel.IMPLIED.forEach((prior, implied) -> implied.forEach(
                one -> cloud.put(admin, "/v3/roles/" + roleIds.get(prior) + "/implies/" + roleIds.get(one), null)));
        for (String name : List.of("ann", "bob", "carol", "dan")) {
            String id = cloud.make(admin, "/v3/users", "user", Map.of("name", name, "password", "pw"));
            users.add(id);
            names.put(id, name);
        }
        for (String name : List.of("blue", "red")) {
            projects.add(cloud.make(admin, "/v3/projects", "project", Map.of("name", name)));
        }
        users.forEach(user -> projects.forEach(project -> DelegationModel.ROLES.forEach(role -> {
            if (random.nextBoolean()) {
                grant(user, project, role);
            }
        })));
    }

    int removed() {
        return model.gone().size();
    }

    int walks() {
        return walks;
    }

    int good() {
        return good;
    }

    int deepest() {
        return deepest;
    }

    Map<Kind, Integer> made() {
        return made;
    }

    /** What was good for more than it may be, in words. */
    List<String> excesses() {
        return excesses;
    }

    void step() {
        int chance = random.nextInt(1000);
        if (all.size() < 20 || chance < 60) {
            derive();
        } else if (chance < 68) {
            disturb();
        } else {
            walk();
        }
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private void walk() {
        List<Derived> tokens = all.stream().filter(Derived::isToken).toList();
        if (tokens.isEmpty()) {
            return;
        }
        Derived one = any(tokens);
        walks++;
        deepest = Math.max(deepest, one.depth());
        if (random.nextInt(20) == 0) {
            Answer answer = cloud.validate(admin, one.secret());
            if (answer.status() == 200) {
                good++;
                compare(one, answer);
            } else if (answer.status() != 404) {
                excesses.add("validation answered " + answer.status());
            }
            return;
        }
        try {
            // As another service of the same process asks.
            Caller.Claim claim =
                    new Caller.Claim(one.secret(), header -> null, "GET", "/v2.1/servers", "req-walk", null);
            Caller caller = cloud.keystone.peer().authenticate("compute", claim);
            good++;
            compare(one, caller.roles(), Objects.requireNonNull(caller.projectId()));
        } catch (FaultException e) {
            if (random.nextInt(4) == 0) {
                all.remove(one);
            }
        }
    }

    private void compare(Derived one, Answer answer) {
        Instant end = Instant.parse(answer.json().at("/token/expires_at").asString());
        if (end.isAfter(one.until())) {
            excesses.add(one + " is good until " + end);
        }
        Set<String> has = Set.copyOf(answer.json().at("/token/roles").findValuesAsString("name"));
        compare(one, has, answer.json().at("/token/project/id").asString());
    }

    private void compare(Derived one, Set<String> has, String project) {
        Set<String> may = model.allowed(one);
        if (may == null || !may.containsAll(has) || !project.equals(one.project())) {
            excesses.add(one + " has " + has + " on " + project + " and may have " + may);
        }
    }

    private void derive() {
        if (all.isEmpty() || random.nextInt(6) == 0) {
            login();
            return;
        }
        Derived parent = any(all);
        switch (parent.kind()) {
            case CREDENTIAL -> byCredential(parent);
            case TRUST -> byTrust(parent);
            default -> {
                switch (random.nextInt(3)) {
                    case 0 -> byToken(parent);
                    case 1 -> credential(parent);
                    default -> trust(parent);
                }
            }
        }
        if (all.size() > MOST) {
            all.remove(random.nextInt(all.size()));
        }
    }

    private void add(Kind kind, Derived parent, String secret, Set<String> roles, Instant until, Set<String> needs) {
        add(new Derived(
                kind,
                secret,
                parent.root(),
                parent.actor(),
                parent.project(),
                roles,
                until.isBefore(parent.until()) ? until : parent.until(),
                parent.loan(),
                needs,
                parent.depth() + 1));
    }

    private void add(Derived one) {
        made.merge(one.kind(), 1, Integer::sum);
        all.add(one);
    }

    /** A token that was got, unless it was refused. */
    private void token(Kind kind, Derived source, Answer answer) {
        if (answer.status() == 201) {
            compare(source, answer);
            Instant end = Instant.parse(answer.json().at("/token/expires_at").asString());
            add(kind, source, answer.header("X-Subject-Token"), source.roles(), end, source.needs());
        }
    }

    private static Map<String, ?> scope(String project) {
        return Map.of("project", Map.of("id", project));
    }

    private void login() {
        String user = any(users);
        String project = any(projects);
        Answer answer = cloud.login(names.get(user), "pw", scope(project));
        Derived self = new Derived(
                Kind.LOGIN, "", user, user, project, Set.copyOf(DelegationModel.ROLES), NEVER, NEVER, Set.of(), 0);
        token(Kind.LOGIN, self, answer);
    }

    private void byToken(Derived parent) {
        Map<String, Object> identity = Map.of("methods", List.of("token"), "token", Map.of("id", parent.secret()));
        token(
                Kind.TOKEN,
                parent,
                cloud.post(null, "/v3/auth/tokens", KeystoneServer.auth(identity, scope(parent.project()))));
    }

    private Set<String> someRoles() {
        return DelegationModel.ROLES.stream()
                .filter(role -> random.nextInt(3) == 0)
                .collect(Collectors.toSet());
    }

    private @Nullable Instant someEnd() {
        return random.nextBoolean()
                ? null
                : clock.instant().truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofMinutes(1 + random.nextInt(90)));
    }

    private static List<Map<String, String>> named(Set<String> roles) {
        return roles.stream().map(role -> Map.of("name", role)).toList();
    }

    private void credential(Derived parent) {
        Set<String> roles = someRoles();
        Instant end = someEnd();
        Map<String, Object> wish = new LinkedHashMap<>();
        wish.put("name", "credential " + ++serial);
        wish.put("secret", "secret");
        wish.put("unrestricted", random.nextBoolean());
        if (!roles.isEmpty()) {
            wish.put("roles", named(roles));
        }
        if (end != null) {
            wish.put("expires_at", end.toString());
        }
        String user = random.nextInt(5) == 0 ? parent.root() : parent.actor();
        Answer answer = cloud.post(
                parent.secret(),
                "/v3/users/" + user + "/application_credentials",
                Map.of("application_credential", wish));
        if (answer.status() == 201) {
            derived(Kind.CREDENTIAL, parent, answer, "application_credential", end, parent);
        }
    }

    /** A credential or trust that was made, which may give no more than what it was made with gives at this moment. */
    private void derived(
            Kind kind, Derived parent, Answer answer, String envelope, @Nullable Instant end, Derived holder) {
        Set<String> has = Set.copyOf(answer.json().get(envelope).get("roles").findValuesAsString("name"));
        Set<String> may = model.allowed(parent);
        if (may == null || !may.containsAll(has)) {
            excesses.add(kind + " made with " + parent + " has " + has + " and may have " + may);
            return;
        }
        Set<String> needs = new HashSet<>(parent.needs());
        needs.removeIf(credentials::contains);
        needs.add(answer.id(envelope));
        if (kind == Kind.CREDENTIAL) {
            credentials.add(answer.id(envelope));
        }
        // It outlives the token it was made with, but not what that was lent by.
        Instant until = end == null || parent.loan().isBefore(end) ? parent.loan() : end;
        add(new Derived(
                kind,
                answer.id(envelope),
                parent.root(),
                holder.actor(),
                parent.project(),
                DelegationModel.expand(has),
                until,
                until,
                needs,
                parent.depth() + 1));
    }

    private void byCredential(Derived credential) {
        Map<String, Object> identity = Map.of(
                "methods",
                List.of("application_credential"),
                "application_credential",
                Map.of("id", credential.secret(), "secret", "secret"));
        token(Kind.BY_CREDENTIAL, credential, cloud.post(null, "/v3/auth/tokens", KeystoneServer.auth(identity, null)));
    }

    private void trust(Derived parent) {
        String trustee = any(users);
        Set<String> roles = someRoles();
        Instant end = someEnd();
        boolean impersonation = random.nextBoolean();
        Map<String, Object> wish = new LinkedHashMap<>();
        wish.put("trustor_user_id", random.nextInt(3) == 0 ? parent.root() : parent.actor());
        wish.put("trustee_user_id", trustee);
        wish.put("project_id", parent.project());
        wish.put("impersonation", impersonation);
        wish.put("roles", named(roles));
        if (random.nextBoolean()) {
            wish.put("allow_redelegation", true);
            wish.put("redelegation_count", 3);
        }
        if (end != null) {
            wish.put("expires_at", end.toString());
        }
        Answer answer = cloud.post(parent.secret(), "/v3/OS-TRUST/trusts", Map.of("trust", wish));
        if (answer.status() == 201) {
            Derived holder = new Derived(
                    Kind.TRUST, "", parent.root(), trustee, parent.project(), Set.of(), NEVER, NEVER, Set.of(), 0);
            derived(Kind.TRUST, parent, answer, "trust", end, holder);
        }
    }

    private void byTrust(Derived trust) {
        token(
                Kind.BY_TRUST,
                trust,
                cloud.login(names.get(trust.actor()), "pw", Map.of("OS-TRUST:trust", Map.of("id", trust.secret()))));
    }

    private void grant(String user, String project, String role) {
        cloud.grant(admin, project, user, roleIds.get(role));
        model.grants(user, project).add(role);
    }

    private void disturb() {
        switch (random.nextInt(6)) {
            case 0, 1 -> flipGrant(any(users), any(projects), any(DelegationModel.ROLES));
            case 2 -> flipUser(any(users));
            case 3 -> {
                clock.advance(Duration.ofMinutes(random.nextInt(15)));
                admin = cloud.admin();
            }
            default -> {
                List<Derived> lent = all.stream().filter(one -> !one.isToken()).toList();
                if (!lent.isEmpty()) {
                    remove(any(lent));
                }
            }
        }
    }

    private void flipGrant(String user, String project, String role) {
        Set<String> has = model.grants(user, project);
        if (has.remove(role)) {
            cloud.delete(admin, "/v3/projects/" + project + "/users/" + user + "/roles/" + roleIds.get(role));
        } else {
            grant(user, project, role);
        }
    }

    private void flipUser(String user) {
        boolean enabled = model.disabled().remove(user);
        if (!enabled) {
            if (!model.disabled().isEmpty()) {
                return;
            }
            model.disabled().add(user);
        }
        cloud.patch(admin, "/v3/users/" + user, Map.of("user", Map.of("enabled", enabled)));
    }

    private void remove(Derived one) {
        String path = one.kind() == Kind.TRUST
                ? "/v3/OS-TRUST/trusts/" + one.secret()
                : "/v3/users/" + one.actor() + "/application_credentials/" + one.secret();
        if (cloud.delete(admin, path).status() == 204) {
            model.gone().add(one.secret());
            all.remove(one);
        }
    }
}
