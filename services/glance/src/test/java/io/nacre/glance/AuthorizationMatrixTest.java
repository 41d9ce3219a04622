package io.nacre.glance;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Json;
import io.nacre.database.Database;
import io.nacre.http.Route;
import io.nacre.testkit.UndoneTransactions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Every route of the image API, asked by every kind of caller about images and namespaces of every visibility and about
 * such that are not there, compared with a table of glance's documented defaults. Whoever is let in has everything done,
 * and taken back. Engines make no difference to it: one is enough.
 */
class AuthorizationMatrixTest {
    private static final String OWNER = "admin@mine";
    private static final String NOBODYS = "00000000-0000-4000-8000-000000000000";
    private static final List<String> PERSONAS = List.of(
            "admin@mine",
            "member@mine",
            "reader@mine",
            "service@mine",
            "admin@third",
            "member@yours",
            "reader@yours",
            "member@third",
            "reader@third",
            "admin@system",
            "reader@system",
            "admin@domain",
            "member@domain",
            "nobody@");

    @TempDir
    Path folder;

    private final List<Line> table = read();
    private final Map<String, String> images = new TreeMap<>();
    private UndoneTransactions transactions;
    private Database database;
    private GlanceServer glance;

    @BeforeEach
    void start() throws Exception {
        database = GlanceServer.sqlite(folder);
        glance = new GlanceServer(folder, UnaryOperator.identity(), database, real -> {
            transactions = new UndoneTransactions(real);
            return transactions;
        });
        for (String visibility : List.of("private", "shared", "community", "public")) {
            images.put(
                    visibility,
                    glance.create(
                            OWNER,
                            "\"disk_format\": \"raw\", \"container_format\": \"bare\", \"visibility\": \"" + visibility
                                    + "\""));
        }
        String shared = "/v2/images/" + images.get("shared") + "/members";
        glance.json(200, glance.post(OWNER, shared, "{\"member\": \"yours\"}"));
        glance.json(200, glance.put("member@yours", shared + "/yours", "{\"status\": \"accepted\"}"));
        for (String visibility : List.of("private", "public")) {
            String property = "{\"title\": \"X\", \"type\": \"string\"}";
            glance.json(
                    201,
                    glance.post(
                            OWNER,
                            "/v2/metadefs/namespaces",
                            "{\"namespace\": \"" + visibility + "\", \"visibility\": \"" + visibility
                                    + "\", \"properties\": {\"x\": " + property + "}, \"objects\": [{\"name\": \"x\"}],"
                                    + " \"tags\": [{\"name\": \"x\"}], \"resource_type_associations\": [{\"name\":"
                                    + " \"x\"}]}"));
        }
        transactions.undo(true);
    }

    @AfterEach
    void stop() {
        glance.close();
        database.close();
    }

    private static final Pattern HIDDEN = Pattern.compile(
            "No image found|Failed to find image|Image [0-9a-f-]{36} not found|Namespace \\S+ not found|Metadata definition namespace=");

    private static final Pattern NO_BODY =
            Pattern.compile("POST .*/actions/\\w+|PUT /v2/images/\\{id\\}/tags/\\{tag\\}|POST .*/tags/\\{name\\}");

    private enum Verdict {
        DONE,
        REFUSED,
        HIDDEN
    }

    private record Line(String method, String path, String who) {
        String key() {
            return method + " " + path;
        }

        boolean ofImage() {
            return path.startsWith("/v2/images/{id}") || path.startsWith("/v2/stores/");
        }
    }

    private static List<Line> read() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(AuthorizationMatrixTest.class.getResourceAsStream("authorization.txt")),
                StandardCharsets.UTF_8))) {
            return in.lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .map(line -> line.split(" +"))
                    .map(words -> new Line(words[0], words[1], words[2]))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theTableHasALineForEveryRouteAndNoneMore() {
        List<Route> routes = glance.glance.service().routes();
        assertThat(routes.stream().map(route -> route.method() + " " + route.path()))
                .containsExactlyInAnyOrderElementsOf(
                        table.stream().map(Line::key).toList());
        assertThat(routes.stream()
                        .filter(route -> !route.authenticated())
                        .map(route -> route.method() + " " + route.path()))
                .containsExactlyInAnyOrderElementsOf(table.stream()
                        .filter(line -> line.who().equals("open"))
                        .map(Line::key)
                        .toList());
    }

    @Test
    void everybodyMayDoWhatTheTableSaysAndNothingElse() throws Exception {
        List<String> wrong = new ArrayList<>();
        int asked = 0;
        for (Line line : table) {
            for (String object : objects(line)) {
                for (String persona : PERSONAS) {
                    HttpResponse<String> answer = ask(persona, line, object);
                    asked++;
                    String what = persona + " " + line.key() + " " + object + ": " + answer.statusCode() + " "
                            + answer.body();
                    if (answer.statusCode() == 401 || answer.statusCode() >= 500) {
                        wrong.add("failure: " + what);
                    } else if (verdict(answer) != expected(line, persona, object)) {
                        wrong.add("not " + expected(line, persona, object) + ": " + what);
                    }
                }
            }
        }
        assertThat(wrong).as("of %d", asked).isEmpty();
        assertThat(asked).isGreaterThan(1_500);
    }

    @Test
    void whatIsHiddenLooksLikeWhatIsNotThere() throws Exception {
        for (Line line : table) {
            for (String object : objects(line)) {
                if (expected(line, "reader@third", object) == Verdict.HIDDEN) {
                    String hidden = ask("reader@third", line, object).body();
                    String missing = ask("reader@third", line, "nobodys").body();
                    assertThat(hidden.replace(name(line, object), "?"))
                            .as(line.key())
                            .isEqualTo(missing.replace(name(line, "nobodys"), "?"));
                }
            }
        }
    }

    @Test
    void withoutATokenNothingOpensButTheVersions() throws Exception {
        for (Line line : table) {
            for (String token : List.of("", "stranger@mine")) {
                int status = ask(token, line, "public").statusCode();
                assertThat(status)
                        .as(line.key())
                        .matches(found -> line.who().equals("open")
                                ? Set.of(200, 300, 302).contains(found)
                                : found == 401);
            }
        }
    }

    private static List<String> objects(Line line) {
        if (line.path().contains("/members")) {
            return List.of("shared", "private", "nobodys");
        }
        if (line.ofImage()) {
            return List.of("private", "shared", "community", "public", "nobodys");
        }
        return line.path().contains("{namespace}") ? List.of("private", "public", "nobodys") : List.of("public");
    }

    private static Verdict expected(Line line, String persona, String object) {
        String role = persona.substring(0, persona.indexOf('@'));
        String scope = persona.substring(persona.indexOf('@') + 1);
        boolean project = !Set.of("system", "domain").contains(scope);
        boolean admin = project && role.equals("admin");
        boolean member = project && (role.equals("member") || admin);
        boolean reader = project && (role.equals("reader") || member);
        boolean own = scope.equals("mine");
        boolean guest = scope.equals("yours") && object.equals("shared");
        boolean open = object.equals("public") || object.equals("community");
        boolean service = project && role.equals("service");
        boolean sees = !object.equals("nobodys") && (admin || (reader && (own || guest || open)));
        // Only shared images have members, whoever asks.
        boolean memberless = line.path().contains("/members") && object.equals("private");
        boolean may = switch (line.who()) {
            case "open", "token", "nobody" -> true;
            case "reader" -> reader;
            case "member" -> member;
            case "admin", "define", "manage" -> admin;
            case "see", "look" -> sees;
            case "know" -> memberless || admin || own || guest;
            case "change" -> memberless || admin || (member && own);
            case "fetch" -> member;
            case "place" -> service || (member && own);
            case "locate" -> service;
            case "answer" -> memberless || admin || (member && guest);
            default -> throw new IllegalArgumentException(line.who());
        };
        boolean ofObject = line.ofImage() || line.path().contains("{namespace}");
        // A service may not see images, and does with its own and everybody's what is meant for services.
        boolean reaches = line.path().endsWith("/locations") && service && own && !object.equals("nobodys");
        if (ofObject && !sees && !reaches) {
            return Verdict.HIDDEN;
        }
        return may ? Verdict.DONE : Verdict.REFUSED;
    }

    private static Verdict verdict(HttpResponse<String> answer) {
        String message = answer.body().startsWith("{")
                ? Json.read(answer.body(), JsonNode.class).path("message").asString("")
                : "";
        if (answer.statusCode() == 404 && isHidden(answer, message)) {
            return Verdict.HIDDEN;
        }
        return answer.statusCode() == 403 && message.startsWith("You are not authorized to complete ")
                ? Verdict.REFUSED
                : Verdict.DONE;
    }

    private static boolean isHidden(HttpResponse<String> answer, String message) {
        return answer.uri().getPath().endsWith("/tasks")
                ? message.startsWith("The resource could not be found.")
                : HIDDEN.matcher(message).lookingAt();
    }

    private String name(Line line, String object) {
        return line.ofImage() ? images.getOrDefault(object, NOBODYS) : object;
    }

    private HttpResponse<String> ask(String token, Line line, String object) throws Exception {
        String path = line.path()
                .replaceAll("\\{(id|image_id|namespace)}", name(line, object))
                .replace("{member}", "yours")
                .replace("{store_id}", "file")
                .replace("{name*}", "image")
                .replaceAll("\\{\\w+}", "x");
        HttpRequest.Builder request = glance.request(token.isEmpty() ? "-" : token, path);
        if (token.isEmpty()) {
            request = HttpRequest.newBuilder(request.build().uri()).header("Accept", "application/json");
        }
        String body = body(line);
        if (!body.isEmpty()) {
            request.header("Content-Type", type(line));
        }
        return glance.send(request.method(
                line.method(), body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
    }

    private static String type(Line line) {
        if (line.path().endsWith("/file") || line.path().endsWith("/stage")) {
            return GlanceServer.OCTETS;
        }
        return line.method().equals("PATCH") ? GlanceServer.PATCH : "application/json";
    }

    /** What lets the rule be looked at: what follows may refuse it. */
    private static String body(Line line) {
        return switch (line.key()) {
            case "PATCH /v2/images/{id}" -> "[{\"op\": \"add\", \"path\": \"/x\", \"value\": \"y\"}]";
            case "POST /v2/images/{id}/import" ->
                "{\"method\": {\"name\": \"web-download\", \"uri\": \"http://example.org/\"}}";
            case "POST /v2/images/{id}/locations" -> "{\"url\": \"http://example.org/\"}";
            case "POST /v2/images/{id}/members" -> "{\"member\": \"x\"}";
            case "PUT /v2/images/{id}/members/{member}" -> "{\"status\": \"rejected\"}";
            default ->
                Set.of("POST", "PUT").contains(line.method())
                                && !NO_BODY.matcher(line.key()).matches()
                        ? "{}"
                        : "";
        };
    }
}
