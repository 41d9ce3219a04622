package io.nacre.keystone.mapping.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Json;
import io.nacre.keystone.mapping.rule.Mapped.Domain;
import io.nacre.keystone.mapping.rule.Mapped.Group;
import io.nacre.keystone.mapping.rule.Mapped.Project;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The language of mappings, by the examples of keystone's documentation and beyond them. */
class RulesTest {
    private static final String NAME = "{'type': 'UserName'}";
    private static final String USER = "{'user': {'name': '{0}'}}";

    private static Rules rules(String version, String text) {
        return Rules.of(version, Json.read(text.replace('\'', '"'), JsonNode.class));
    }

    private static Rules rules(String text) {
        return rules("1.0", text);
    }

    /** One rule. */
    private static Rules rule(String local, String remote) {
        return rules("[{'local': [" + local + "], 'remote': [" + remote + "]}]");
    }

    private static Mapped map(Rules rules, String... assertion) {
        Map<String, String> texts = new HashMap<>();
        for (int i = 0; i < assertion.length; i += 2) {
            texts.put(assertion[i], assertion[i + 1]);
        }
        return rules.apply(Assertion.ofTexts(texts));
    }

    private static Group inDomain(String name, String domainId) {
        return new Group(name, new Domain(domainId, null));
    }

    private static void assertUnmapped(Rules rules, String... assertion) {
        assertThatThrownBy(() -> map(rules, assertion))
                .isInstanceOfSatisfying(
                        FaultException.class,
                        e -> assertThat(e.is(Fault.Kind.INVALID)).isTrue())
                .hasMessageContaining("Could not map any federated user properties");
    }

    @Test
    void requirementsWithoutConditionFillThePlacesInTheirOrder() {
        Rules rules =
                rule("""
                {'user': {'name': '{0} {1}', 'email': '{2}'},
                 'group': {'name': '{3}', 'domain': {'id': '0cd5e9'}}}
                """, "{'type': 'FirstName'}, {'type': 'LastName'}, {'type': 'Email'}, {'type': 'OIDC_GROUPS'}");
        Mapped mapped = map(
                rules, "FirstName", "Ann", "LastName", "Lee", "Email", "ann@x", "OIDC_GROUPS", "developers;testers");
        assertThat(mapped.user()).isEqualTo(new Mapped.User(null, "Ann Lee", "ann@x", null, false));
        assertThat(mapped.groups()).containsExactly(inDomain("developers", "0cd5e9"), inDomain("testers", "0cd5e9"));
        assertUnmapped(rules, "FirstName", "Ann", "LastName", "Lee", "Email", "ann@x");
    }

    @ParameterizedTest
    @CsvSource({
        "any_one_of, false, Guest;Customer, true",
        "any_one_of, false, Guest, false",
        "any_one_of, false, ACustomer, false",
        "any_one_of, true, ACustomer!, true",
        "not_any_of, false, Guest;Customer, false",
        "not_any_of, false, Guest, true",
        "not_any_of, true, ACustomer!, false",
        "not_any_of, true, Guest, true"
    })
    void aConditionDecidesWhetherARuleCounts(String condition, boolean regex, String values, boolean counts) {
        Rules rules = rule(
                "{'user': {'name': '{0}'}, 'group': {'id': '0cd5e9'}}",
                "{'type': 'Type', '" + condition + "': ['Customer', 'Friend'], 'regex': " + regex + "}," + NAME);
        if (counts) {
            Mapped mapped = map(rules, "UserName", "ann", "Type", values);
            assertThat(mapped.user().name()).isEqualTo("ann");
            assertThat(mapped.groupIds()).containsExactly("0cd5e9");
        } else {
            assertUnmapped(rules, "UserName", "ann", "Type", values);
        }
        assertUnmapped(rules, "UserName", "ann");
    }

    @ParameterizedTest
    @CsvSource({
        "whitelist, false, Developers;OpsTeam;Finance, OpsTeam;Developers",
        "whitelist, false, Finance, ''",
        "whitelist, true, Developers;MyOpsTeam;Finance, Developers;MyOpsTeam",
        "blacklist, false, Developers;Finance;Sales, Finance;Sales",
        "blacklist, false, Developers, ''",
        "blacklist, true, MyOpsTeam;Finance, Finance"
    })
    void aListFiltersTheValuesOfItsPlace(String condition, boolean regex, String values, String left) {
        Rules rule = rule(
                USER + ", {'groups': '{1}', 'domain': {'id': 'd'}}",
                NAME + ", {'type': 'G', '" + condition + "': ['Developers', 'OpsTeam'], 'regex': " + regex + "}");
        Mapped mapped = map(rule, "UserName", "ann", "G", values);
        assertThat(mapped.groups().stream().map(Group::name))
                .containsExactlyInAnyOrder(left.isEmpty() ? new String[0] : left.split(";"));
        assertThat(mapped.groups())
                .allSatisfy(group -> assertThat(group.domain()).isEqualTo(new Domain("d", null)));
    }

    @Test
    void aGroupIsNamedByIdentifierOrByNameAndDomain() {
        Mapped mapped = map(rule(USER + """
                                , {'group': {'id': '0cd5e9'}},
                                {'group': {'name': 'developers', 'domain': {'id': 'abc1234'}}},
                                {'group': {'name': 'developers', 'domain': {'name': 'private_cloud'}}},
                                {'group': {'name': 'developers', 'domain': {'id': 'abc1234'}}}
                                """, NAME), "UserName", "ann");
        assertThat(mapped.groupIds()).containsExactly("0cd5e9");
        assertThat(mapped.groups())
                .containsExactly(
                        inDomain("developers", "abc1234"), new Group("developers", new Domain(null, "private_cloud")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {1}                   | a;b  | a;b
            {1}                   | a    | a
            ["x", "y z",]         | a    | x;y z
            []                    | a    | ''
            fixed                 | a    | fixed
            g-{1}                 | a    | g-a
            {{{1}}}               | a    | {a}
            """)
    void groupIdsAreOneOrManyOfTheAssertionOrOfTheRule(String template, String values, String ids) {
        Rules rules = Rules.of(
                "1.0",
                Json.tree(List.of(Map.of(
                        "local",
                        List.of(Map.of("user", Map.of("name", "{0}")), Map.of("group_ids", template)),
                        "remote",
                        List.of(Map.of("type", "UserName"), Map.of("type", "G"))))));
        assertThat(map(rules, "UserName", "ann", "G", values).groupIds())
                .containsExactlyInAnyOrder(ids.isEmpty() ? new String[0] : ids.split(";"));
    }

    @Test
    void whatWasAssertedIsNeverReadAsAList() {
        Rules rules = rule(
                USER + ", {'groups': '{1}', 'domain': {'id': 'd'}}, {'group_ids': '{1}'}",
                NAME + ", {'type': 'G', 'blacklist': ['admins']}");
        String odd = "['x', 'admins']";
        Mapped mapped = map(rules, "UserName", "ann", "G", odd);
        assertThat(mapped.groups()).containsExactly(inDomain(odd, "d"));
        assertThat(mapped.groupIds()).containsExactly(odd);
        String json = "JSON:{\"name\": \"admins\", \"domain\": {\"id\": \"default\"}}";
        assertThat(map(rules, "UserName", "ann", "G", json).groups()).containsExactly(inDomain(json, "d"));
    }

    @Test
    void groupsOfAnotherKeystoneBringTheirDomain() {
        Rules rules = rule(USER + ", {'groups': '{1}'}", NAME + ", {'type': 'openstack_groups'}");
        Mapped mapped = map(
                rules,
                "UserName",
                "ann",
                "openstack_groups",
                "JSON:{\"name\":\"g1\",\"domain\":{\"name\":\"Default\"}};JSON:{\"name\":\"g2\",\"domain\":{\"id\":\"d\"}}");
        assertThat(mapped.groups()).containsExactly(new Group("g1", new Domain(null, "Default")), inDomain("g2", "d"));
        for (String bad :
                List.of("plain", "JSON:", "JSON:[]", "JSON:{\"name\":\"g\"}", "JSON:{\"domain\":{\"id\":\"d\"}}")) {
            assertThatThrownBy(() -> map(rules, "UserName", "ann", "openstack_groups", bad))
                    .as(bad)
                    .isInstanceOfSatisfying(
                            FaultException.class,
                            e -> assertThat(e.is(Fault.Kind.INVALID)).isTrue());
        }
    }

    @Test
    void aLocalUserLivesHere() {
        Mapped mapped = map(
                rule("{'user': {'name': '{0}', 'type': 'local', 'domain': {'name': 'local_domain'}}}", NAME),
                "UserName",
                "ann");
        assertThat(mapped.user()).isEqualTo(new Mapped.User(null, "ann", null, new Domain(null, "local_domain"), true));
        assertThat(map(rule("{'user': {'id': '{0}', 'type': 'ephemeral'}}", NAME), "UserName", "ann")
                        .user())
                .isEqualTo(new Mapped.User("ann", null, null, null, false));
    }

    /** "Multiple rules" of the documentation. */
    @Test
    void rulesAddUpAndTheFirstUserCounts() {
        Rules rules = rules("""
                [{'local': [{'user': {'id': '{0}'}}], 'remote': [{'type': 'UserType'}]},
                 {'local': [{'user': {'name': 'late'}, 'group': {'name': 'non-contractors', 'domain': {'id': 'abc'}}}],
                  'remote': [{'type': 'orgPersonType', 'not_any_of': ['Contractor', 'SubContractor']}]},
                 {'local': [{'group': {'name': 'contractors', 'domain': {'id': 'abc'}}}],
                  'remote': [{'type': 'orgPersonType', 'any_one_of': ['Contractor', 'SubContractor']}]},
                 {'local': [{'group': {'id': 'all'}}], 'remote': [{'type': 'orgPersonType'}]}]
                """);
        Mapped contractor = map(rules, "UserType", "ann", "orgPersonType", "SubContractor");
        assertThat(contractor.user().id()).isEqualTo("ann");
        assertThat(contractor.groups()).containsExactly(inDomain("contractors", "abc"));
        assertThat(contractor.groupIds()).containsExactly("all");
        Mapped other = map(rules, "UserType", "bob", "orgPersonType", "Tester");
        assertThat(other.user()).isEqualTo(new Mapped.User("bob", null, null, null, false));
        assertThat(other.groups()).containsExactly(inDomain("non-contractors", "abc"));
        Mapped typeless = map(rules, "UserType", "cy");
        assertThat(typeless.groups()).isEmpty();
        assertThat(map(rules, "orgPersonType", "Tester").user().name()).isEqualTo("late");
        assertUnmapped(rules, "Shoe", "42");
    }

    /** "Auto-provisioning" of the documentation. */
    @Test
    void projectsComeWithRoles() {
        Rules rules = rule(
                USER + """
                        , {'projects': [
                          {'name': 'Production', 'roles': [{'name': 'reader'}]},
                          {'name': 'Project for {0}', 'roles': [{'name': 'admin'}, {'name': '{1}'}]},
                          {'name': '{2}', 'roles': [{'name': 'member'}]}]}
                        """, NAME + ", {'type': 'Roles'}, {'type': 'G', 'whitelist': ['Project.*$'], 'regex': true}");
        Mapped mapped = map(rules, "UserName", "ann", "Roles", "r1;r2", "G", "Project1;Other;Project2");
        assertThat(mapped.projects())
                .containsExactly(
                        new Project("Production", null, List.of("reader")),
                        new Project("Project for ann", null, List.of("admin", "r1", "r2")),
                        new Project("Project1", null, List.of("member")),
                        new Project("Project2", null, List.of("member")));
    }

    @Test
    void theLastProjectsCount() {
        Rules rules = rules("""
                [{'local': [{'projects': [{'name': 'one', 'roles': []}]}], 'remote': [{'type': 'UserName'}]},
                 {'local': [{'projects': [{'name': 'two', 'roles': []}]}], 'remote': [{'type': 'UserName'}]},
                 {'local': [{'group': {'id': 'g'}}], 'remote': [{'type': 'UserName'}]}]
                """);
        assertThat(map(rules, "UserName", "ann").projects()).containsExactly(new Project("two", null, List.of()));
    }

    @Test
    void fromTheSecondVersionOnADomainIsAlsoThatOfUserAndProjects() {
        String text = """
                [{'local': [{'user': {'name': '{0}'}, 'domain': {'id': '{1}'},
                   'projects': [{'name': 'own', 'domain': {'name': 'other'}, 'roles': []},
                                {'name': 'p', 'roles': []}]}],
                  'remote': [{'type': 'UserName'}, {'type': 'Domain'}]}]
                """;
        Mapped first = map(rules("1.0", text), "UserName", "ann", "Domain", "d");
        assertThat(first.user().domain()).isNull();
        assertThat(first.projects())
                .containsExactly(
                        new Project("own", new Domain(null, "other"), List.of()), new Project("p", null, List.of()));
        Mapped second = map(rules("2.0", text), "UserName", "ann", "Domain", "d");
        assertThat(second.user().domain()).isEqualTo(new Domain("d", null));
        assertThat(second.projects())
                .containsExactly(
                        new Project("own", new Domain(null, "other"), List.of()),
                        new Project("p", new Domain("d", null), List.of()));
        Rules own = rules("2.0", text.replace("'{0}'}", "'{0}', 'domain': {'name': 'mine'}}"));
        assertThat(map(own, "UserName", "ann", "Domain", "d").user().domain()).isEqualTo(new Domain(null, "mine"));
        Rules none = rules("2.0", "[{'local': [" + USER + "], 'remote': [" + NAME + "]}]");
        assertThat(map(none, "UserName", "ann").user().domain()).isNull();
    }

    @Test
    void aRuleWithoutAUserMakesGroupsAlone() {
        Mapped mapped = map(
                rule(
                        "{'group': {'id': 'abc1234'}}",
                        "{'type': 'openstack_user', 'any_one_of': ['user1', 'admin']},"
                                + "{'type': 'openstack_user_domain', 'any_one_of': ['Default']}"),
                "openstack_user",
                "admin",
                "openstack_user_domain",
                "Default");
        assertThat(mapped.user()).isEqualTo(new Mapped.User(null, null, null, null, false));
        assertThat(mapped.groupIds()).containsExactly("abc1234");
    }

    @Test
    void severalValuesInOneTextLookAsInTheOriginal() {
        Mapped mapped = map(rule("{'user': {'name': '{0}', 'email': 'x{0}'}}", NAME), "UserName", "a;b");
        assertThat(mapped.user().name()).isEqualTo("['a', 'b']");
        assertThat(mapped.user().email()).isEqualTo("x['a', 'b']");
        Rules filtered = rule(USER, "{'type': 'UserName', 'whitelist': ['nobody']}");
        assertThat(map(filtered, "UserName", "ann").user().name()).isNull();
    }

    @Test
    void placesWithoutNumberAreFilledInTheirOrder() {
        Mapped mapped = map(
                rule("{'user': {'name': '{}.{}'}}", NAME + ", {'type': 'Other'}"), "UserName", "ann", "Other", "lee");
        assertThat(mapped.user().name()).isEqualTo("ann.lee");
    }

    @Test
    void aPlaceThatNothingFillsIsTheOperatorsMistake() {
        Rules rules = rule("{'user': {'name': '{1}'}}", NAME + ", {'type': 'Type', 'any_one_of': ['x']}");
        assertThatThrownBy(() -> map(rules, "UserName", "ann", "Type", "x"))
                .isInstanceOfSatisfying(
                        FaultException.class,
                        e -> assertThat(e.is(Fault.Kind.INTERNAL)).isTrue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "}", "{a}", "{0", "0}", "{0.name}", "{12345}", "{{}"})
    void bracesMustFit(String template) {
        assertThatThrownBy(() -> rule("{'user': {'name': '" + template + "'}}", NAME))
                .isInstanceOfSatisfying(
                        FaultException.class,
                        e -> assertThat(e.is(Fault.Kind.INVALID)).isTrue());
    }

    @Test
    void regularExpressionsArePythons() {
        Rules rules = rule(USER, "{'type': 'UserName', 'whitelist': ['^(?P<x>a)(?P=x)\\\\Z'], 'regex': true}");
        assertThat(map(rules, "UserName", "aa;aab").user().name()).isEqualTo("aa");
        assertThatThrownBy(() -> rule(USER, "{'type': 'UserName', 'whitelist': ['(a'], 'regex': true}"))
                .isInstanceOfSatisfying(
                        FaultException.class,
                        e -> assertThat(e.is(Fault.Kind.INVALID)).isTrue())
                .hasMessageContaining("(a");
    }

    @Test
    void anEmptyValueIsAValue() {
        assertThat(map(rule("{'group': {'id': 'g'}}", NAME), "UserName", "").groupIds())
                .containsExactly("g");
    }
}
