package io.nacre.nova.keypair;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Page;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Paging;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.http.View;
import io.nacre.nova.Links;
import io.nacre.nova.NovaPolicy;
import io.nacre.nova.NovaQuotas;
import io.nacre.nova.Shapes;
import io.nacre.nova.Wire;
import io.nacre.policy.PolicyRule;
import java.math.BigInteger;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** API reference "Keypairs". */
public final class KeypairApi {
    private static final PolicyRule INDEX = NovaPolicy.own("os-keypairs:index");
    private static final PolicyRule SHOW = NovaPolicy.own("os-keypairs:show");
    private static final PolicyRule CREATE = NovaPolicy.own("os-keypairs:create");
    private static final PolicyRule DELETE = NovaPolicy.own("os-keypairs:delete");

    private static final int TYPE_SINCE = 2;
    private static final int USER_SINCE = 10;
    private static final int PAGES_SINCE = 35;
    private static final int STRICT_SINCE = 75;
    private static final int IMPORT_ONLY_SINCE = 92;
    private static final int MAX_LIMIT = 1000;

    private static final String PLAIN_NAME = name("^[a-zA-Z0-9_-]([ a-zA-Z0-9_-]*[a-zA-Z0-9_-])?$");
    private static final String KEY = Shapes.member("public_key", "{\"type\": \"string\"}");
    private static final String TYPE = Shapes.member("type", "{\"enum\": [\"ssh\", \"x509\"]}");
    private static final String USER = Shapes.member("user_id", "{\"type\": \"string\"}");
    private static final Schema FIRST = Schema.of(Shapes.envelope("keypair", "\"name\"", PLAIN_NAME + ", " + KEY));
    private static final Schema TYPED =
            Schema.of(Shapes.envelope("keypair", "\"name\"", PLAIN_NAME + ", " + KEY + ", " + TYPE));
    private static final Schema OWNED =
            Schema.of(Shapes.envelope("keypair", "\"name\"", PLAIN_NAME + ", " + KEY + ", " + TYPE + ", " + USER));
    private static final Schema IMPORTED = Schema.of(Shapes.envelope(
            "keypair",
            "\"name\", \"public_key\"",
            name("^[@.a-zA-Z0-9_-]([ @.a-zA-Z0-9_-]*[@.a-zA-Z0-9_-])?$") + ", " + KEY + ", " + TYPE + ", " + USER));

    private static final View<Keypair> LISTED = new View<Keypair>()
            .field("name", Keypair::name)
            .field("public_key", Keypair::publicKey)
            .field("fingerprint", Keypair::fingerprint)
            .field("type", TYPE_SINCE, Keypair::type);
    private static final View<Keypair> MADE = new View<Keypair>()
            .field("name", Keypair::name)
            .field("public_key", Keypair::publicKey)
            .field("fingerprint", Keypair::fingerprint)
            .field("user_id", Keypair::userId)
            .field("type", TYPE_SINCE, Keypair::type);
    private static final View<Keypair> SHOWN = new View<Keypair>()
            .field("id", Keypair::number)
            .field("name", Keypair::name)
            .field("public_key", Keypair::publicKey)
            .field("fingerprint", Keypair::fingerprint)
            .field("user_id", Keypair::userId)
            .field("created_at", keypair -> Wire.micros(keypair.createdAt()))
            .field("updated_at", keypair -> null)
            .field("deleted", keypair -> false)
            .field("deleted_at", keypair -> null)
            .field("type", TYPE_SINCE, Keypair::type);

    private final Transactions transactions;
    private final KeypairStore keypairs;
    private final NovaQuotas quotas;
    private final InstantSource clock;

    public KeypairApi(Transactions transactions, KeypairStore keypairs, NovaQuotas quotas, InstantSource clock) {
        this.transactions = transactions;
        this.keypairs = keypairs;
        this.quotas = quotas;
        this.clock = clock;
    }

    public List<Route> routes() {
        String one = "/os-keypairs/{name}";
        return List.of(
                Route.get("/os-keypairs").policy(INDEX).to(this::list),
                Route.post("/os-keypairs").policy(CREATE).until(1).body(FIRST).to(this::create),
                Route.post("/os-keypairs")
                        .policy(CREATE)
                        .since(TYPE_SINCE)
                        .until(USER_SINCE - 1)
                        .body(TYPED)
                        .to(this::create),
                Route.post("/os-keypairs")
                        .policy(CREATE)
                        .since(USER_SINCE)
                        .until(IMPORT_ONLY_SINCE - 1)
                        .body(OWNED)
                        .to(this::create),
                Route.post("/os-keypairs")
                        .policy(CREATE)
                        .since(IMPORT_ONLY_SINCE)
                        .body(IMPORTED)
                        .to(this::create),
                Route.get(one).policy(SHOW).to(this::show),
                Route.delete(one).policy(DELETE).to(this::delete));
    }

    private Response list(Request request) {
        strict(request, Set.of("user_id", "limit", "marker"));
        String user = user(request, INDEX, request.query().get("user_id"));
        Page page = request.minor() >= PAGES_SINCE ? Paging.of(request, MAX_LIMIT, List.of()) : Page.ALL;
        List<Keypair> found = transactions.read(tx -> keypairs.list(tx, user, page));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put(
                "keypairs",
                found.stream()
                        .map(keypair -> Map.of("keypair", LISTED.show(keypair, request.minor())))
                        .toList());
        String next = Paging.next(request, page, found, Keypair::name);
        if (next != null) {
            body.put("keypairs_links", Links.next(next));
        }
        return Response.json(200, body);
    }

    private Response show(Request request) {
        strict(request, Set.of("user_id"));
        String user = user(request, SHOW, request.query().get("user_id"));
        String name = request.param("name");
        Keypair keypair = transactions.read(tx -> keypairs.find(tx, user, name).orElseThrow(() -> missing(user, name)));
        return Response.json(200, "keypair", SHOWN.show(keypair, request.minor()));
    }

    private Response create(Request request) {
        JsonNode body = request.json("keypair");
        String user = user(request, CREATE, Wire.text(body, "user_id"));
        String type = body.has("type") ? body.get("type").asString() : "ssh";
        String given = Wire.text(body, "public_key");
        KeyMaker.Made made = given == null ? make(type, user) : imported(type, given);
        Keypair keypair = transactions.write(tx -> {
            requireRoom(tx, request, user);
            return keypairs.create(
                    tx,
                    new Keypair(
                            0,
                            user,
                            body.get("name").asString().strip(),
                            type,
                            made.fingerprint(),
                            made.publicKey(),
                            clock.instant()));
        });
        Map<String, @Nullable Object> shown = MADE.show(keypair, request.minor());
        if (given == null) {
            shown.put("private_key", made.privateKey());
        }
        return Response.json(request.minor() < TYPE_SINCE ? 200 : 201, "keypair", shown);
    }

    private KeyMaker.Made make(String type, String user) {
        return type.equals("ssh")
                ? KeyMaker.ssh()
                : KeyMaker.x509(
                        user,
                        clock.instant(),
                        BigInteger.valueOf(clock.instant().toEpochMilli()));
    }

    private static KeyMaker.Made imported(String type, String key) {
        String fingerprint = type.equals("ssh") ? KeyMaker.sshFingerprint(key) : KeyMaker.x509Fingerprint(key);
        return new KeyMaker.Made(key, "", fingerprint);
    }

    /** The limit is the project's, the count the user's, as in the original. */
    private void requireRoom(Tx tx, Request request, String user) {
        String project = String.valueOf(request.caller().projectId());
        try {
            quotas.quotas().check(tx, project, NovaQuotas.KEY_PAIRS, keypairs.count(tx, user), 1);
        } catch (FaultException e) {
            throw e.is(Fault.Kind.QUOTA_EXCEEDED)
                    ? Fault.quotaExceeded("Quota exceeded, too many key pairs.").because(e)
                    : e;
        }
    }

    private Response delete(Request request) {
        strict(request, Set.of("user_id"));
        String user = user(request, DELETE, request.query().get("user_id"));
        String name = request.param("name");
        transactions.run(tx -> {
            if (!keypairs.delete(tx, user, name)) {
                throw missing(user, name);
            }
        });
        return Response.empty(request.minor() < TYPE_SINCE ? 202 : 204);
    }

    private static FaultException missing(String user, String name) {
        return Fault.notFound("Keypair " + name + " not found for user " + user);
    }

    /** Whose key pairs are meant: the caller's, or since 2.10 those of the user that an operator names. */
    private static String user(Request request, PolicyRule rule, @Nullable String named) {
        String own = request.caller().requireUser();
        String user = named == null || request.minor() < USER_SINCE ? own : named;
        Map<String, String> target = new HashMap<>();
        target.put("user_id", user);
        request.enforce(rule, target);
        return user;
    }

    private static void strict(Request request, Set<String> known) {
        if (request.minor() >= STRICT_SINCE) {
            request.query().allow(known);
        }
    }

    private static String name(String pattern) {
        return Shapes.member(
                "name",
                "{\"type\": \"string\", \"minLength\": 1, \"maxLength\": 255, \"pattern\": \"" + pattern + "\"}");
    }
}
