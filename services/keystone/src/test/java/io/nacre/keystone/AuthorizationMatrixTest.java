package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Json;
import io.nacre.database.Database;
import io.nacre.database.DatabaseConfig;
import io.nacre.http.Route;
import io.nacre.keystone.Defaults.Line;
import io.nacre.keystone.Defaults.Persona;
import io.nacre.keystone.Defaults.Whose;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.MutableClock;
import io.nacre.testkit.UndoneTransactions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every route of the identity API, asked by every kind of caller about what is theirs, what is others' and what is not
 * there, compared with a table of keystone's documented defaults. Engines make no difference to it: one is enough.
 */
class AuthorizationMatrixTest {
    /** Who needs no token, and why. */
    private static final Set<String> OPEN = Set.of(
            "GET /", // versions
            "GET /v3",
            "GET /v3/OS-SIMPLE-CERT/ca", // gone, for everybody
            "GET /v3/OS-SIMPLE-CERT/certificates",
            "GET /v3/auth/tokens/OS-PKI/revoked", // refused to everybody
            "POST /v3/auth/tokens", // logins
            "POST /v3/users/{}/password", // with the password itself
            "POST /v3/OS-OAUTH1/request_token",
            "POST /v3/OS-OAUTH1/access_token",
            "POST /v3/OS-OAUTH2/token",
            "GET /v3/OS-OAUTH2/token", // refused with 405 to everybody
            "PUT /v3/OS-OAUTH2/token",
            "PATCH /v3/OS-OAUTH2/token",
            "DELETE /v3/OS-OAUTH2/token",
            "GET /v3/OS-FEDERATION/identity_providers/{}/protocols/{}/auth",
            "POST /v3/OS-FEDERATION/identity_providers/{}/protocols/{}/auth",
            "POST /v3/OS-FEDERATION/identity_providers/{}/protocols/{}/saml2/ecp",
            "GET /v3/auth/OS-FEDERATION/websso/{}",
            "POST /v3/auth/OS-FEDERATION/websso/{}",
            "GET /v3/auth/OS-FEDERATION/identity_providers/{}/protocols/{}/websso",
            "POST /v3/auth/OS-FEDERATION/identity_providers/{}/protocols/{}/websso",
            "GET /v3/auth/OS-FEDERATION/identity_providers/{}/callback",
            "POST /v3/auth/OS-FEDERATION/identity_providers/{}/callback",
            "POST /v3/auth/OS-FEDERATION/saml2", // with the token in the body
            "POST /v3/auth/OS-FEDERATION/saml2/ecp",
            "GET /v3/OS-FEDERATION/saml2/metadata"); // what others need to trust this cloud

    private static final String KNOWING = "OpenStack-Identity-Access-Rules";

    @TempDir
    Path folder;

    private final List<Line> table = Defaults.read();
    private Database database;
    private UndoneTransactions transactions;
    private KeystoneServer cloud;
    private Population people;

    @BeforeEach
    void start() {
        database = Database.open(DatabaseConfig.file(folder.resolve("nacre.db")), List.of("db/keystone"));
        transactions = new UndoneTransactions(database);
        MutableClock clock = MutableClock.fixed();
        cloud = new KeystoneServer(transactions, folder.resolve("keys"), clock);
        people = new Population(cloud, clock);
        transactions.undo(true);
    }

    @AfterEach
    void stop() {
        cloud.close();
        database.close();
    }

    @Test
    void theTableHasALineForEveryRouteAndNoneMore() {
        List<Route> routes = cloud.keystone.service().routes();
        Set<String> open = new TreeSet<>();
        Set<String> guarded = new TreeSet<>();
        for (Route route : routes) {
            (route.authenticated() ? guarded : open).add(Line.key(route.method(), route.path()));
        }
        assertThat(open).isSubsetOf(OPEN);
        assertThat(guarded)
                .containsExactlyInAnyOrderElementsOf(
                        table.stream().map(Line::key).collect(Collectors.toSet()));
    }

    @Test
    void everybodyMayDoWhatTheTableSaysAndNothingElse() {
        List<String> wrong = new ArrayList<>();
        int asked = 0;
        for (Persona persona : people.all()) {
            for (Line line : table) {
                for (Whose whose : cases(line)) {
                    Answer answer = ask(line, persona, whose);
                    asked++;
                    judge(line, persona, whose, answer).ifPresent(wrong::add);
                }
            }
        }
        assertThat(wrong).as("of %d", asked).isEmpty();
        assertThat(asked).isGreaterThan(10_000);
    }

    /** But a token that is bound to other rules may be used to ask what it is. */
    @Test
    void aTokenThatIsNoneOpensNothing() {
        List<String> wrong = new ArrayList<>();
        for (Persona nobody : people.refused()) {
            for (Line line : table) {
                boolean asksForItself = line.key().equals("GET /v3/auth/tokens")
                        && nobody.name().contains("other rules");
                Answer answer = ask(line, nobody, Whose.OWN);
                if (answer.status() != 401 && !asksForItself) {
                    wrong.add(nobody.name() + ": " + line.method() + " " + line.path() + " " + answer.status());
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static Optional<String> judge(Line line, Persona persona, Whose whose, Answer answer) {
        boolean allowed = line.allows(persona, whose);
        String message = answer.json().at("/error/message").asString("");
        // A refusal by a rule names it; whatever else is forbidden comes after. HEAD has no words.
        boolean refused =
                answer.status() == 403 && (line.method().equals("HEAD") || message.matches(".*: identity:\\w+\\.?"));
        boolean hidden = answer.status() == 404 && (whose == Whose.NOBODYS || whose == Whose.CROSSED);
        boolean right = answer.status() != 401 && answer.status() < 500 && (allowed ? !refused : refused || hidden);
        return right
                ? Optional.empty()
                : Optional.of((allowed ? "unexpected denial: " : "unexpected allow: ") + persona.name() + " "
                        + whose + " " + line.method() + " " + line.path() + " " + answer.status() + " "
                        + message);
    }

    private static List<Whose> cases(Line line) {
        boolean user = line.path().contains("{user_id}");
        boolean more = line.path().replace("{user_id}", "").contains("{");
        if (line.method().equals("POST")
                && Set.of("/v3/credentials", "/v3/OS-TRUST/trusts").contains(line.path())) {
            return List.of(Whose.OWN, Whose.OTHERS);
        }
        if (line.path().equals("/v3/auth/tokens")) {
            return List.of(Whose.OWN, Whose.OTHERS, Whose.NOBODYS);
        }
        if (!user && !more) {
            return List.of(Whose.OWN);
        }
        List<Whose> cases = new ArrayList<>(List.of(Whose.OWN, Whose.OTHERS, Whose.NOBODYS));
        if (user && more) {
            cases.add(Whose.CROSSED);
        }
        return cases;
    }

    private Answer ask(Line line, Persona persona, Whose whose) {
        String path = people.fill(line.path(), persona, whose);
        Map<String, String> headers = new HashMap<>();
        if (line.path().equals("/v3/auth/tokens")) {
            headers.put(KNOWING, "1.0");
            headers.put("X-Subject-Token", people.subject(persona, whose));
        }
        String token = persona.token().isEmpty() ? null : persona.token();
        return cloud.send(line.method(), path, token, body(line, persona, whose), headers);
    }

    /** As little as lets the rule be looked at: what follows may refuse it. */
    private @Nullable Object body(Line line, Persona persona, Whose whose) {
        String user = people.fill("{user_id}", persona, whose);
        return switch (line.method() + " " + line.path()) {
            case "POST /v3/users" -> Map.of("user", Map.of());
            case "POST /v3/groups" -> Map.of("group", Map.of());
            case "POST /v3/projects" -> Map.of("project", Map.of());
            case "POST /v3/credentials" -> Map.of("credential", Map.of("user_id", user));
            case "POST /v3/OS-TRUST/trusts" -> Map.of("trust", Map.of("trustor_user_id", user));
            default -> Set.of("POST", "PUT", "PATCH").contains(line.method()) && takesBody(line) ? Json.object() : null;
        };
    }

    private boolean takesBody(Line line) {
        return cloud.keystone.service().routes().stream()
                .filter(route -> Line.key(route.method(), route.path()).equals(line.key()))
                .anyMatch(route -> route.body() != null);
    }
}
