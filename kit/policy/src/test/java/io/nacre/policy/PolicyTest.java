package io.nacre.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTest {
    private static final Caller.Person USER = new Caller.Person("u1", "ann", "default", "Default");
    private static final Caller.Person PROJECT = new Caller.Person("p1", "blue", "default", "Default");
    private static final Map<String, ?> NOTHING = Map.of();

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private static Caller caller(Caller.Scope scope, String... roles) {
        return new Caller("req-1", null, USER, scope, Set.of(roles), null);
    }

    private static Caller inProject(String... roles) {
        return caller(new Caller.Scope(PROJECT, null, false), roles);
    }

    private static boolean holds(String check, Caller caller, Map<String, ?> target) {
        return new Policy(List.of(PolicyRule.anyScope("x", check, "")), Overrides.NONE).allows("x", caller, target);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "role:member, true",
                "role:MEMBER, true",
                "role:admin, false",
                "role:%(wanted)s, true",
                "user_id:%(owner)s, true",
                "user_id:%(target.user.id)s, true",
                "user_id:%(nested.user.id)s, true",
                "user_id:%(absent)s, false",
                "not user_id:%(absent)s, true",
                "project_id:%(project_id)s, true",
                "tenant_id:%(tenant_id)s, true",
                "project_id:%(nothing)s, false",
                "domain_id:%(nothing)s, false",
                "domain_id:None, true",
                "None:%(nothing)s, true",
                "True:%(shared)s, true",
                "'ann':%(name)s, true",
                "7:%(count)s, true",
                "user_id:u%(one)s, true",
                "is_admin:True, false",
                "is_admin:False, true",
                "system_scope:all, false",
                "no_such_attribute:x, false",
                "user_domain_id:default, true",
                "field:networks:shared=True, true",
                "field:networks:shared=False, false",
                "field:networks:absent=True, false",
                "field:port:device_owner=~^network:, true",
                "field:port:device_owner=~^compute:, false",
                "rule:nowhere, false",
                "@, true",
                "!, false",
                "``, true",
            })
    void comparesTheCallerWithTheTarget(String check, boolean expected) {
        Map<String, Object> target = new HashMap<>(Map.of(
                "owner", "u1",
                "target.user.id", "u1",
                "nested", Map.of("user", Map.of("id", "u1")),
                "project_id", "p1",
                "shared", true,
                "name", "ann",
                "count", 7,
                "one", 1,
                "wanted", "Member"));
        target.put("nothing", null);
        target.put("device_owner", "network:router_interface");
        assertThat(holds(check, inProject("member", "reader"), target)).isEqualTo(expected);
    }

    @Test
    void givesThePersonasTheirOwnProjectOnly() {
        Map<String, ?> mine = Map.of("project_id", "p1");
        Map<String, ?> theirs = Map.of("project_id", "p2");
        Caller reader = inProject("reader");
        Caller member = inProject("member", "reader");
        Caller admin = inProject("admin", "manager", "member", "reader");

        assertThat(holds(Personas.PROJECT_READER, reader, mine)).isTrue();
        assertThat(holds(Personas.PROJECT_READER, reader, theirs)).isFalse();
        assertThat(holds(Personas.PROJECT_MEMBER, reader, mine)).isFalse();
        assertThat(holds(Personas.PROJECT_MEMBER, member, mine)).isTrue();
        assertThat(holds(Personas.PROJECT_MANAGER, member, mine)).isFalse();
        assertThat(holds(Personas.PROJECT_MEMBER, admin, theirs)).isTrue();
        assertThat(holds(Personas.ADMIN, member, mine)).isFalse();
        assertThat(holds(Personas.SERVICE, member, mine)).isFalse();
        assertThat(holds(Personas.NOBODY, admin, mine)).isFalse();
    }

    @Test
    void tellsTheRolesOfAServiceFromThoseOfWhomItAsksFor() {
        Caller alone = inProject("member");
        Caller passedOn = alone.by(Set.of("service"));
        assertThat(holds("service_roles:service", passedOn, NOTHING)).isTrue();
        assertThat(holds("service_roles:service", alone, NOTHING)).isFalse();
        assertThat(holds("service_roles:service", inProject("service"), NOTHING))
                .isFalse();
        assertThat(holds(Personas.SERVICE, passedOn, NOTHING)).isFalse();
        assertThat(passedOn.isService()).isTrue();
        assertThat(inProject("service").isService()).isTrue();
        assertThat(alone.isService()).isFalse();
        assertThat(Json.read(Json.write(passedOn), Caller.class)).isEqualTo(passedOn);
        String older = Json.write(alone).replace("\"serviceRoles\":[],", "");
        assertThat(older).doesNotContain("serviceRoles");
        assertThat(Json.read(older, Caller.class)).isEqualTo(alone);
    }

    @Test
    void saysWhichRuleRefused() {
        Policy policy = new Policy(List.of(PolicyRule.project("os_compute_api:x", Personas.ADMIN, "")), Overrides.NONE);
        assertThatThrownBy(() -> policy.enforce("os_compute_api:x", inProject("member"), NOTHING))
                .isInstanceOfSatisfying(
                        FaultException.class,
                        e -> assertThat(e.is(Fault.Kind.FORBIDDEN)).isTrue())
                .hasMessage("Policy doesn't allow os_compute_api:x to be performed.");
    }

    @Test
    void refusesTokensOfAnotherScope() {
        List<PolicyRule> rules = List.of(
                PolicyRule.project("x", Personas.ADMIN, ""),
                PolicyRule.project("y", Personas.ADMIN, "").in(PolicyRule.Scope.SYSTEM, PolicyRule.Scope.DOMAIN));
        Policy strict = new Policy(rules, Overrides.NONE);
        Caller system = caller(new Caller.Scope(null, null, true), "admin");
        Caller domain = caller(new Caller.Scope(null, new Caller.Person("d", "d", "d", "d"), false), "admin");
        Caller unscoped = caller(Caller.Scope.NONE, "admin");

        assertThat(strict.allows("x", system, NOTHING)).isFalse();
        assertThat(strict.allows("x", domain, NOTHING)).isFalse();
        assertThat(strict.allows("x", unscoped, NOTHING)).isTrue();
        assertThat(strict.allows("y", system, NOTHING)).isTrue();
        assertThat(strict.allows("y", domain, NOTHING)).isTrue();
        assertThat(strict.allows("y", inProject("admin"), NOTHING)).isFalse();

        Policy lax = new Policy(rules, new Overrides(null, false));
        assertThat(lax.allows("x", system, NOTHING)).isTrue();
    }

    @Test
    void asksOnlyOpenRulesAboutStrangers() {
        Caller stranger = Caller.anonymous("req-1");
        Policy policy = new Policy(
                List.of(PolicyRule.anyScope("any", Personas.ANY, ""), PolicyRule.open("open", "")), Overrides.NONE);
        assertThat(policy.allows("any", stranger, NOTHING)).isFalse();
        assertThat(policy.allows("open", stranger, NOTHING)).isTrue();
        assertThat(policy.allows("any", caller(Caller.Scope.NONE), NOTHING)).isTrue();
        assertThat(policy.allows("any", Caller.nacre("req-1"), NOTHING)).isTrue();
    }

    @Test
    void findsCirclesAndUnknownRules() {
        assertThatThrownBy(() -> new Policy(
                        List.of(PolicyRule.alias("a", "role:x or rule:b"), PolicyRule.alias("b", "not rule:a")),
                        Overrides.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("circle");
        assertThatThrownBy(() -> new Policy(List.of(), Overrides.NONE).allows("nowhere", inProject("admin"), NOTHING))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Policy(List.of(PolicyRule.alias("bad", "role:a role:b")), Overrides.NONE))
                .hasMessageContaining("\"bad\"");
    }

    @Test
    void takesOverTheFileWhenItChangesAndKeepsTheOldRulesWhenItIsBroken(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("policy.yaml");
        Policy policy = new Policy(
                List.of(
                        PolicyRule.alias("owner", "project_id:%(project_id)s"),
                        PolicyRule.project("x", "rule:owner", "")),
                Overrides.in(file),
                Policy.REFUSAL,
                () -> now);
        Map<String, ?> mine = Map.of("project_id", "p1");
        assertThat(policy.allows("x", inProject("member"), mine)).isTrue();

        change(file, "# only operators\n\"owner\": \"role:admin\"\n");
        assertThat(policy.allows("x", inProject("member"), mine)).isFalse();

        change(file, "\"owner\": \"role:admin or\"\n");
        assertThat(policy.allows("x", inProject("member"), mine)).isFalse();
        assertThat(policy.allows("x", inProject("admin"), mine)).isTrue();

        change(file, "{\"owner\": [[\"role:member\", \"project_id:%(project_id)s\"]]}");
        assertThat(policy.allows("x", inProject("member"), mine)).isTrue();

        Files.delete(file);
        now = now.plusSeconds(2);
        assertThat(policy.allows("x", inProject(), mine)).isTrue();
    }

    @Test
    void doesNotStartWithABrokenFile(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("policy.yaml"), "\"x\": \"http://elsewhere/\"\n");
        assertThatThrownBy(() -> new Policy(List.of(PolicyRule.project("x", "@", "")), Overrides.in(file)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"x\"")
                .hasMessageContaining("not supported");
    }

    private void change(Path file, String text) throws IOException {
        Files.writeString(file, text);
        now = now.plus(Duration.ofSeconds(2));
    }

    @Test
    void anExplanationNamesTheScopeTheReferencesAndWhatTheTargetLacks() {
        Policy policy = new Policy(
                List.of(
                        PolicyRule.alias("owner", "user_id:%(user_id)s"),
                        PolicyRule.project("x", "role:admin or (rule:owner and not role:guest)", "")
                                .in(PolicyRule.Scope.SYSTEM)),
                Overrides.NONE);
        Explanation refused = policy.explain("x", inProject("admin"), NOTHING);
        assertThat(refused.allowed()).isFalse();
        assertThat(refused.scopeAccepted()).isFalse();
        assertThat(refused.reason().holds()).isTrue();

        Explanation.Reason reason =
                policy.explain("x", inProject("member"), NOTHING).reason();
        assertThat(reason.holds()).isFalse();
        assertThat(reason.because()).extracting(Explanation.Reason::holds).containsExactly(false, false);
        Explanation.Reason both = reason.because().get(1);
        assertThat(both.because())
                .extracting(Explanation.Reason::check)
                .containsExactly("rule:owner", "not role:guest");
        assertThat(both.because().getFirst().because().getFirst().lacking()).containsExactly("user_id");

        Explanation.Reason owned = policy.explain("x", inProject("member"), Map.of("user_id", "u1"))
                .reason();
        assertThat(owned.holds()).isTrue();
        assertThat(owned.because()
                        .get(1)
                        .because()
                        .getFirst()
                        .because()
                        .getFirst()
                        .lacking())
                .isEmpty();
    }

    @Test
    void theRulesInForceSayWhichTheOperatorChanged(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("policy.yaml");
        Files.writeString(file, "\"x\": \"role:reader\"\n\"y\": \"role:admin\"\n");
        Policy policy = new Policy(
                List.of(PolicyRule.of("y", "role:admin"), PolicyRule.of("x", "role:admin")), Overrides.in(file));
        assertThat(policy.rules())
                .extracting(rule -> rule.declared().name() + " " + rule.check() + " " + rule.overridden())
                .containsExactly("x role:reader true", "y role:admin false");
    }
}
