package io.nacre.keystone.auth;

import io.nacre.base.Caller;
import java.util.Set;

/** Who is asking, for the services, as keystonemiddleware's filters have it. */
public final class Callers {
    private static final String IDENTITY = "identity";

    private final ValidTokens tokens;
    private final ClientCertificates certificates;

    public Callers(ValidTokens tokens, ClientCertificates certificates) {
        this.tokens = tokens;
        this.certificates = certificates;
    }

    /**
     * Faults with UNAUTHENTICATED when the token is not good for the request. One bound to access rules is good for what
     * these allow. When a service passes on what a user asked of it, these rules have been looked at, and the token may
     * have ended meanwhile. One bound to a certificate is good for who comes with that (RFC 8705, section 3).
     *
     * @param service the type of the service that was asked
     */
    public Caller caller(String service, Caller.Claim claim) {
        String serviceToken = claim.headers().apply("X-Service-Token");
        Set<String> serviceRoles =
                serviceToken == null || serviceToken.isBlank() ? Set.of() : serviceRoles(serviceToken);
        boolean passedOn = !serviceRoles.isEmpty();
        // Keystone itself takes no token that has ended.
        Authorization authorization = tokens.require(claim.token(), passedOn && !service.equals(IDENTITY));
        if (!passedOn && !(allowed(authorization, service, claim) && comesWithItsCertificate(authorization, claim))) {
            throw Authorizations.denied();
        }
        return authorization.caller(claim.requestId(), claim.globalRequestId()).by(serviceRoles);
    }

    /** Only the role makes a token one of a service, and only one that may be used for everything by whoever has it. */
    private Set<String> serviceRoles(String text) {
        Authorization authorization = tokens.require(text);
        boolean bound = authorization.isBoundToCertificate()
                || (authorization.credential() != null
                        && authorization.credential().accessRules() != null);
        Set<String> roles = authorization.roleNames();
        if (bound || !roles.contains("service")) {
            throw Authorizations.denied();
        }
        return roles;
    }

    private static boolean allowed(Authorization authorization, String service, Caller.Claim claim) {
        boolean asksForAToken = service.equals(IDENTITY)
                && claim.method().equals("GET")
                && claim.path().endsWith("/v3/auth/tokens");
        return asksForAToken
                || authorization.credential() == null
                || authorization.credential().allows(service, claim.method(), claim.path());
    }

    private boolean comesWithItsCertificate(Authorization authorization, Caller.Claim claim) {
        String thumbprint = authorization.token().thumbprint();
        return thumbprint == null
                || certificates
                        .of(claim.headers())
                        .filter(certificate -> certificate.thumbprint().equals(thumbprint))
                        .isPresent();
    }
}
