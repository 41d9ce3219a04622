package io.nacre.keystone.credential;

import static io.nacre.keystone.KeystonePolicy.ADMIN;
import static io.nacre.keystone.KeystonePolicy.ADMIN_OR_SYSTEM_READER;
import static io.nacre.keystone.KeystonePolicy.OWNER;

import io.nacre.base.Fault;
import io.nacre.base.Ids;
import io.nacre.base.Json;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.keystone.KeystonePolicy;
import io.nacre.keystone.auth.ValidTokens;
import io.nacre.keystone.entity.Envelope;
import io.nacre.keystone.entity.Filter;
import io.nacre.keystone.project.ProjectStore;
import io.nacre.keystone.user.UserStore;
import io.nacre.policy.PolicyRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Access keys of a user for the API of EC2: credentials of type ec2 in a shorter form. */
public final class Ec2CredentialApi {
    private static final PolicyRule LIST =
            KeystonePolicy.cloud("ec2_list_credentials", ADMIN_OR_SYSTEM_READER + " or " + OWNER);
    private static final PolicyRule GET = KeystonePolicy.cloud(
            "ec2_get_credential", ADMIN_OR_SYSTEM_READER + " or user_id:%(target.credential.user_id)s");
    private static final String CHANGE = ADMIN + " or (role:member and user_id:%(target.credential.user_id)s)";
    private static final PolicyRule CREATE = KeystonePolicy.cloud("ec2_create_credential", CHANGE);
    private static final PolicyRule DELETE = KeystonePolicy.cloud("ec2_delete_credential", CHANGE);

    private static final Schema BODY = Schema.of("""
            {"type": "object", "required": ["tenant_id"], "properties": {"tenant_id": {"type": "string"}}}
            """);

    private final Transactions transactions;
    private final CredentialStore credentials;
    private final UserStore users;
    private final ProjectStore projects;
    private final ValidTokens tokens;
    private final Ids ids;

    public Ec2CredentialApi(
            Transactions transactions,
            CredentialStore credentials,
            UserStore users,
            ProjectStore projects,
            ValidTokens tokens,
            Ids ids) {
        this.transactions = transactions;
        this.credentials = credentials;
        this.users = users;
        this.projects = projects;
        this.tokens = tokens;
        this.ids = ids;
    }

    public List<Route> routes() {
        String all = "/v3/users/{user_id}/credentials/OS-EC2";
        String one = all + "/{access}";
        return List.of(
                Route.get(all)
                        .policy(LIST, r -> Map.of("user_id", r.param("user_id")))
                        .to(this::list),
                Route.post(all)
                        .policy(CREATE, Ec2CredentialApi::newTarget)
                        .body(BODY)
                        .to(this::create),
                Route.get(one).policy(GET, this::target).to(this::show),
                Route.delete(one).policy(DELETE, this::target).to(this::delete));
    }

    /** Here a key that does not exist is 404 for everybody, as in the original. */
    private static Map<String, @Nullable Object> newTarget(Request request) {
        Map<String, @Nullable Object> target = CredentialApi.target(request.param("user_id"));
        target.put("user_id", request.param("user_id"));
        return target;
    }

    private Map<String, @Nullable Object> target(Request request) {
        return CredentialApi.target(
                transactions.read(tx -> require(tx, request)).userId());
    }

    private Credential require(Tx tx, Request request) {
        String id = Ec2Blob.idOf(request.param("access"));
        return credentials
                .find(tx, id)
                .filter(Credential::isEc2)
                .orElseThrow(() -> Fault.notFound("Could not find credential: " + id + "."));
    }

    private static Map<String, @Nullable Object> show(Request request, Credential credential) {
        Ec2Blob blob = Ec2Blob.of(credential);
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("user_id", credential.userId());
        shown.put("tenant_id", credential.projectId());
        shown.put("access", blob.access());
        shown.put("secret", blob.text("secret"));
        shown.put("trust_id", blob.text("trust_id"));
        return Envelope.linked(
                request, shown, "/users/" + credential.userId() + "/credentials/OS-EC2/" + blob.access());
    }

    private Response list(Request request) {
        String userId = request.param("user_id");
        List<Credential> found = transactions.read(tx -> {
            users.require(tx, userId);
            return credentials.list(tx, List.of(Filter.equal("user_id", userId), Filter.equal("type", Credential.EC2)));
        });
        return Envelope.collection(request, "credentials", found, Ec2CredentialApi::show);
    }

    private Response create(Request request) {
        Map<String, @Nullable Object> blob = new LinkedHashMap<>();
        blob.put("access", ids.hex());
        blob.put("secret", ids.hex());
        Credential plain = new Credential(
                "",
                request.param("user_id"),
                request.json("tenant_id").asString(),
                Credential.EC2,
                Json.write(blob),
                Map.of());
        Credential credential = Ec2Blob.bound(plain, tokens.require(request.token()));
        transactions.run(tx -> {
            users.require(tx, credential.userId());
            projects.require(tx, String.valueOf(credential.projectId()));
            credentials.create(tx, credential);
        });
        return Envelope.member(201, "credential", show(request, credential));
    }

    private Response show(Request request) {
        return Envelope.member(200, "credential", show(request, transactions.read(tx -> require(tx, request))));
    }

    private Response delete(Request request) {
        Ec2Blob.requireUnrestricted(tokens.require(request.token()));
        transactions.run(tx -> credentials.delete(tx, require(tx, request).id()));
        return Response.empty(204);
    }
}
