package io.nacre.keystone.auth;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.keystone.applicationcredential.ApplicationCredential;
import io.nacre.keystone.applicationcredential.ApplicationCredentialStore;
import io.nacre.keystone.audit.Claim;
import io.nacre.keystone.auth.AuthRequest.Named;
import io.nacre.keystone.credential.Totp;
import io.nacre.keystone.directory.DirectoryLogins;
import io.nacre.keystone.oauth.AccessToken;
import io.nacre.keystone.oauth.AccessTokens;
import io.nacre.keystone.password.Passwords;
import io.nacre.keystone.project.Project;
import io.nacre.keystone.project.ProjectStore;
import io.nacre.keystone.revocation.Remembered;
import io.nacre.keystone.token.Token;
import io.nacre.keystone.user.PasswordLogins;
import io.nacre.keystone.user.User;
import io.nacre.keystone.user.UserStore;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The ways to prove who one is: password, token, application credential, passcode, access token. */
public final class Methods {
    private final Transactions transactions;
    private final Stores stores;
    private final Logins logins;
    private final Passwords passwords;
    private final Totp totp;
    private final AccessTokens accessTokens;
    private final ValidTokens tokens;
    private final InstantSource clock;
    private final Remembered<Named, Sought> sought;
    private final Remembered<String, ApplicationCredential> credentials;

    /**
     * Who is meant.
     *
     * @param user null when there is none of that name
     * @param usable whether it and its domain are enabled
     * @param home the domain that the name belongs to; null when there is none, or no name
     */
    private record Sought(
            @Nullable User user, boolean usable, @Nullable String home) {

        @Nullable
        User candidate() {
            return usable ? user : null;
        }
    }

    /** What the original says of a method without its user: it does not know what the method is called. */
    private static final String UNNAMED = "None";

    /** Where it looks things up. */
    public record Stores(UserStore users, ProjectStore projects, ApplicationCredentialStore credentials) {}

    /** Whose passwords are kept here, and whose in directories. */
    public record Logins(PasswordLogins here, DirectoryLogins elsewhere) {}

    public Methods(
            Remembered.Memory memory,
            Stores stores,
            Logins logins,
            Passwords passwords,
            Totp totp,
            AccessTokens accessTokens,
            ValidTokens tokens) {
        this.transactions = memory.transactions();
        this.stores = stores;
        this.logins = logins;
        this.passwords = passwords;
        this.totp = totp;
        this.accessTokens = accessTokens;
        this.tokens = tokens;
        this.clock = memory.clock();
        // The first login of a day is written down, so it is read anew.
        this.sought = memory.of(found -> found.user() != null
                && clock.instant()
                        .truncatedTo(ChronoUnit.DAYS)
                        .equals(found.user().lastActiveAt()));
        this.credentials = memory.of();
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
                case AuthRequest.OAUTH1 -> byAccessToken(request);
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
        if (one.boundTo() != null && other.boundTo() != null) {
            throw Authorizations.denied();
        }
        return new Proof(
                one.userId(),
                methods,
                one.origin() == null ? other.origin() : one.origin(),
                one.credential() == null ? other.credential() : one.credential(),
                one.accessToken() == null ? other.accessToken() : one.accessToken());
    }

    private Proof byPassword(JsonNode sent) {
        Named named = named(sent.get("user"), UNNAMED);
        String password = AuthRequest.text(sent.get("user"), "password");
        // Whoever comes with a wrong password costs the same as who does not exist.
        Sought found = sought.known(named)
                .filter(known -> isRemembered(known, password))
                .or(() -> sought.read(named, tx -> Optional.of(sought(tx, named))))
                .orElseThrow();
        Claim claim = claim(named, found.user());
        User proved = logins.elsewhere()
                .login(claim, found.home(), password)
                .orElseGet(() -> logins.here().login(claim, found.candidate(), password));
        return new Proof(proved.id(), List.of(AuthRequest.PASSWORD));
    }

    private boolean isRemembered(Sought known, @Nullable String password) {
        User user = known.candidate();
        return user != null && password != null && passwords.remembers(user.id(), password, user.passwordHash());
    }

    private Proof byTotp(JsonNode sent) {
        User user = user(sent.get("user"), UNNAMED);
        String passcode = AuthRequest.text(sent.get("user"), "passcode");
        if (user == null || passcode == null || !totp.isRight(user.id(), passcode)) {
            throw Authorizations.denied();
        }
        return new Proof(user.id(), List.of(AuthRequest.TOTP));
    }

    private static Claim claim(Named named, @Nullable User known) {
        return known == null
                ? new Claim(
                        named.id(),
                        named.name(),
                        named.domain() == null ? null : named.domain().id(),
                        false)
                : new Claim(known.id(), known.name(), known.domainId(), true);
    }

    private @Nullable User user(@Nullable JsonNode node, String target) {
        return usable(named(node, target));
    }

    private static Named named(@Nullable JsonNode node, String target) {
        if (node == null || !node.isObject()) {
            throw AuthRequest.missing("user", target);
        }
        return Named.of(node, "user", true);
    }

    /** Null when there is no such user, or it or its domain is disabled. */
    private @Nullable User usable(Named named) {
        return transactions.read(tx -> sought(tx, named)).candidate();
    }

    private Sought sought(Tx tx, Named named) {
        Project home = named.domain() == null
                ? null
                : domain(tx, stores.projects(), named.domain()).orElse(null);
        User user = find(tx, named, home).orElse(null);
        boolean usable = user != null
                && user.enabled()
                && stores.projects()
                        .find(tx, user.domainId())
                        .map(Project::enabled)
                        .orElse(false);
        return new Sought(user, usable, home == null ? null : home.id());
    }

    private Optional<User> find(Tx tx, Named named, @Nullable Project home) {
        String name = named.name();
        if (name == null || named.domain() == null) {
            return stores.users().find(tx, String.valueOf(named.id()));
        }
        return home == null ? Optional.empty() : stores.users().findByName(tx, home.id(), name);
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
        String refusal = "You are not authorized to perform the requested action: Using a token that was got by"
                + " delegation to create another token.";
        if (origin.trust() != null) {
            throw Fault.forbidden(
                    "You are not authorized to perform the requested action: Using trust-scoped token to create"
                            + " another token. Create a new trust-scoped token instead.");
        }
        origin.requireUndelegated(refusal);
        if (origin.credential() != null || origin.isBoundToCertificate()) {
            throw Fault.forbidden(refusal);
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
        return new Proof(origin.token().userId(), methods, origin, null, null);
    }

    /** The original answers 404 to a login with a token that is not good. */
    private Authorization requireKnown(String text) {
        try {
            return tokens.require(text);
        } catch (FaultException e) {
            throw e.is(Fault.Kind.UNAUTHENTICATED) ? tokens.notFound(text) : e;
        }
    }

    private Proof byCredential(JsonNode sent, AuthRequest.Wish wish) {
        if (!(wish instanceof AuthRequest.Unsaid)) {
            throw new FaultException(new Fault(
                    Fault.Kind.UNAUTHENTICATED,
                    "Unauthorized",
                    "Error authenticating with application credential: Application credentials cannot request a scope.",
                    Map.of("identity", Map.of())));
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
        return new Proof(credential.userId(), List.of(AuthRequest.APPLICATION_CREDENTIAL), null, credential, null);
    }

    /** For the project that the access token is for, whatever is asked for. */
    private Proof byAccessToken(AuthRequest request) {
        AccessToken token = accessTokens.proved(request.signed().get());
        return new Proof(token.userId(), List.of(AuthRequest.OAUTH1), null, null, token);
    }

    private @Nullable ApplicationCredential credential(JsonNode sent) {
        String id = AuthRequest.text(sent, "id");
        if (id != null) {
            return credentials
                    .find(id, tx -> stores.credentials().find(tx, id))
                    .orElseThrow(() -> Fault.notFound("Could not find Application Credential: " + id + "."));
        }
        String name = AuthRequest.text(sent, "name");
        if (name == null) {
            throw AuthRequest.missing("name or ID", "application credential");
        }
        User user = user(sent.get("user"), "application credential");
        return user == null
                ? null
                : transactions
                        .read(tx -> stores.credentials().findByName(tx, user.id(), name))
                        .orElse(null);
    }
}
