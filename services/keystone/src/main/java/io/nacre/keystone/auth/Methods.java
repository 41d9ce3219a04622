package io.nacre.keystone.auth;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.keystone.applicationcredential.ApplicationCredential;
import io.nacre.keystone.applicationcredential.ApplicationCredentialStore;
import io.nacre.keystone.auth.AuthRequest.Named;
import io.nacre.keystone.credential.Totp;
import io.nacre.keystone.password.Passwords;
import io.nacre.keystone.project.Project;
import io.nacre.keystone.project.ProjectStore;
import io.nacre.keystone.token.Token;
import io.nacre.keystone.user.User;
import io.nacre.keystone.user.UserStore;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The ways to prove who one is: password, token, application credential, passcode. */
public final class Methods {
    private final Transactions transactions;
    private final UserStore users;
    private final ProjectStore projects;
    private final ApplicationCredentialStore credentials;
    private final Passwords passwords;
    private final Totp totp;
    private final ValidTokens tokens;
    private final InstantSource clock;

    public Methods(
            Transactions transactions,
            UserStore users,
            ProjectStore projects,
            ApplicationCredentialStore credentials,
            Passwords passwords,
            Totp totp,
            ValidTokens tokens,
            InstantSource clock) {
        this.transactions = transactions;
        this.users = users;
        this.projects = projects;
        this.credentials = credentials;
        this.passwords = passwords;
        this.totp = totp;
        this.tokens = tokens;
        this.clock = clock;
    }

    /** Every method that was sent must prove the same user. */
    Proof prove(AuthRequest request) {
        Proof whole = null;
        for (String method : request.methods()) {
            JsonNode sent = request.proofs().get(method);
            if (sent == null) {
                throw Authorizations.denied();
            }
            Proof proof = switch (method) {
                case AuthRequest.PASSWORD -> byPassword(sent);
                case AuthRequest.TOTP -> byTotp(sent);
                case AuthRequest.TOKEN -> byToken(sent, request.wish());
                default -> byCredential(sent, request.wish());
            };
            whole = whole == null ? proof : both(whole, proof);
        }
        if (whole == null) {
            throw Authorizations.denied();
        }
        return whole;
    }

    private static Proof both(Proof one, Proof other) {
        if (!one.userId().equals(other.userId())) {
            throw Authorizations.denied();
        }
        List<String> methods = new ArrayList<>(one.methods());
        other.methods().stream().filter(method -> !methods.contains(method)).forEach(methods::add);
        return new Proof(
                one.userId(),
                methods,
                one.origin() == null ? other.origin() : one.origin(),
                one.credential() == null ? other.credential() : one.credential());
    }

    private Proof byPassword(JsonNode sent) {
        User user = user(sent.get("user"), "password");
        String password = AuthRequest.text(sent.get("user"), "password");
        // A user that does not exist costs as much time as one that does.
        boolean right = passwords.verify(
                user == null ? "" : user.id(),
                password == null ? "" : password,
                user == null || password == null ? null : user.passwordHash());
        if (user == null || !right) {
            throw Authorizations.denied();
        }
        return new Proof(user.id(), List.of(AuthRequest.PASSWORD), null, null);
    }

    private Proof byTotp(JsonNode sent) {
        User user = user(sent.get("user"), AuthRequest.TOTP);
        String passcode = AuthRequest.text(sent.get("user"), "passcode");
        if (user == null || passcode == null || !totp.isRight(user.id(), passcode)) {
            throw Authorizations.denied();
        }
        return new Proof(user.id(), List.of(AuthRequest.TOTP), null, null);
    }

    /** Null when there is no such user, or it or its domain is disabled. */
    private @Nullable User user(@Nullable JsonNode node, String target) {
        if (node == null || !node.isObject()) {
            throw AuthRequest.missing("user", target);
        }
        Named named = Named.of(node, "user", true);
        return transactions.read(tx -> find(tx, named)
                .filter(User::enabled)
                .filter(found -> projects.find(tx, found.domainId())
                        .map(Project::enabled)
                        .orElse(false))
                .orElse(null));
    }

    private Optional<User> find(Tx tx, Named named) {
        String name = named.name();
        if (name == null || named.domain() == null) {
            return users.find(tx, String.valueOf(named.id()));
        }
        return domain(tx, projects, named.domain()).flatMap(domain -> users.findByName(tx, domain.id(), name));
    }

    static Optional<Project> domain(Tx tx, ProjectStore projects, Named named) {
        String name = named.name();
        Optional<Project> found =
                name == null ? projects.find(tx, String.valueOf(named.id())) : projects.findDomainByName(tx, name);
        return found.filter(domain -> domain.isDomain() && domain.enabled());
    }

    /** A token got by delegation gives no other token, so that no right grows on the way. */
    private Proof byToken(JsonNode sent, AuthRequest.Wish wish) {
        String text = AuthRequest.text(sent, "id");
        if (text == null) {
            throw AuthRequest.missing("id", "token");
        }
        Authorization origin = requireKnown(text);
        if (origin.trust() != null || origin.credential() != null) {
            throw Fault.forbidden("You are not authorized to perform the requested action: Using a token that was got"
                    + " by delegation to create another token.");
        }
        boolean narrower = wish instanceof AuthRequest.OfProject || wish instanceof AuthRequest.OfDomain;
        if (origin.token().scope() instanceof Token.SystemScope && narrower) {
            throw Fault.forbidden("You are not authorized to perform the requested action: Using a system-scoped token"
                    + " to create a project-scoped or domain-scoped token is not allowed.");
        }
        List<String> methods = new ArrayList<>(List.of(AuthRequest.TOKEN));
        origin.token().methods().stream()
                .filter(method -> !methods.contains(method))
                .forEach(methods::add);
        return new Proof(origin.token().userId(), methods, origin, null);
    }

    /** The original answers 404 to a login with a token that is not good. */
    private Authorization requireKnown(String text) {
        try {
            return tokens.require(text);
        } catch (FaultException e) {
            throw e.is(Fault.Kind.UNAUTHENTICATED) ? Fault.notFound("Could not find token.") : e;
        }
    }

    private Proof byCredential(JsonNode sent, AuthRequest.Wish wish) {
        if (!(wish instanceof AuthRequest.Unsaid)) {
            throw Fault.unauthenticated(
                    "Error authenticating with application credential: Application credentials cannot request a scope.");
        }
        String secret = AuthRequest.text(sent, "secret");
        ApplicationCredential credential = credential(sent);
        boolean right = passwords.verify(
                credential == null ? "" : credential.id(),
                secret == null ? "" : secret,
                credential == null || secret == null ? null : credential.secretHash());
        if (credential == null || !right || credential.isExpired(clock.instant())) {
            throw Authorizations.denied();
        }
        return new Proof(credential.userId(), List.of(AuthRequest.APPLICATION_CREDENTIAL), null, credential);
    }

    private @Nullable ApplicationCredential credential(JsonNode sent) {
        String id = AuthRequest.text(sent, "id");
        if (id != null) {
            return transactions.read(tx -> credentials.find(tx, id)).orElse(null);
        }
        String name = AuthRequest.text(sent, "name");
        if (name == null) {
            throw AuthRequest.missing("id or name", "application credential");
        }
        User user = user(sent.get("user"), "application credential");
        return user == null
                ? null
                : transactions
                        .read(tx -> credentials.findByName(tx, user.id(), name))
                        .orElse(null);
    }
}
