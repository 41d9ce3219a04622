package io.nacre.keystone.credential;

import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.keystone.KeystonePolicy;
import io.nacre.keystone.auth.Authorizations;
import io.nacre.keystone.auth.Login;
import io.nacre.keystone.auth.TokenView;
import io.nacre.policy.PolicyRule;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Tokens for requests that were signed with an access key. It is services that ask, for clients whose request they hold;
 * a signed URL alone must not give a token to whoever comes by it.
 */
public final class SignatureApi {
    private static final String SERVICE_OR_ADMIN = "rule:service_or_admin";
    private static final PolicyRule EC2 = KeystonePolicy.domain("ec2tokens_validate", SERVICE_OR_ADMIN);
    private static final PolicyRule S3 = KeystonePolicy.domain("s3tokens_validate", SERVICE_OR_ADMIN);

    /** Clients have used all of these names for the same object; the first that is there counts. */
    private static final List<String> NAMES = List.of("credentials", "credential", "ec2Credentials");

    private static final Schema BODY = Schema.of("""
            {"type": "object", "properties": {
               "credentials": {"$ref": "#/$defs/signed"}, "credential": {"$ref": "#/$defs/signed"},
               "ec2Credentials": {"$ref": "#/$defs/signed"}},
             "$defs": {"signed": {"type": ["object", "null"], "properties": {
               "access": {"type": "string"}, "signature": {"type": ["string", "null"]},
               "token": {"type": "string"}, "host": {"type": "string"}, "verb": {"type": "string"},
               "path": {"type": "string"}, "body_hash": {"type": "string"},
               "params": {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]}},
               "headers": {"type": "object", "additionalProperties": {"type": "string"}}}}}}
            """);

    private final Transactions transactions;
    private final CredentialStore credentials;
    private final Login login;
    private final TokenView view;
    private final Duration lifetime;
    private final InstantSource clock;

    /** @param lifetime for how long after its timestamp a signature is good */
    public SignatureApi(
            Transactions transactions,
            CredentialStore credentials,
            Login login,
            TokenView view,
            Duration lifetime,
            InstantSource clock) {
        this.transactions = transactions;
        this.credentials = credentials;
        this.login = login;
        this.view = view;
        this.lifetime = lifetime;
        this.clock = clock;
    }

    public List<Route> routes() {
        return List.of(
                Route.post("/v3/ec2tokens").policy(EC2).body(BODY).to(this::ec2),
                Route.post("/v3/s3tokens").policy(S3).body(BODY).to(this::s3));
    }

    private Response ec2(Request request) {
        Login.Issued issued = issued(request, SignatureApi::isSignedForEc2);
        return shown(issued).header("X-Subject-Token", issued.text());
    }

    /** The token itself is not told: who serves objects only needs to know for whom. */
    private Response s3(Request request) {
        return shown(issued(
                request,
                (secret, signed) -> same(signed.text("signature"), S3Signature.of(secret, signed.text("token")))));
    }

    private Response shown(Login.Issued issued) {
        return Response.bytes(200, "application/json", view.fresh(issued.authorization()));
    }

    private static boolean isSignedForEc2(String secret, SignedRequest signed) {
        Ec2Signature signature = new Ec2Signature(secret);
        String sent = signed.text("signature");
        String host = Objects.requireNonNullElse(signed.find("host"), "");
        // Some clients do not sign the port.
        return Stream.of(host, host.replaceFirst(":\\d*$", ""))
                .distinct()
                .anyMatch(each -> same(sent, signature.of(signed, each)));
    }

    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private Login.Issued issued(Request request, BiPredicate<String, SignedRequest> isRight) {
        if (request.json().isEmpty()) {
            throw Fault.invalid("request must include a request body");
        }
        SignedRequest signed = new SignedRequest(NAMES.stream()
                .map(request.json()::get)
                .filter(Objects::nonNull)
                .filter(JsonNode::isObject)
                .findFirst()
                .orElseThrow(Authorizations::denied));
        String access = signed.text("access");
        Credential credential = transactions
                .read(tx -> credentials.find(tx, Ec2Blob.idOf(access)))
                .filter(Credential::isEc2)
                .orElseThrow(() -> Fault.notFound("Could not find credential: " + Ec2Blob.idOf(access) + "."));
        Ec2Blob blob = Ec2Blob.of(credential);
        String secret = Optional.ofNullable(blob.text("secret"))
                .filter(text -> !text.isEmpty())
                .orElseThrow(Authorizations::denied);
        if (credential.projectId() == null || !isRight.test(secret, signed)) {
            throw Authorizations.denied();
        }
        signed.requireRecent(lifetime, clock.instant());
        return login.bySignature(new Login.Key(
                credential.userId(),
                credential.projectId(),
                blob.text("trust_id"),
                blob.text("app_cred_id"),
                blob.text("access_token_id")));
    }
}
