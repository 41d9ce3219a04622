package io.nacre.keystone.oauth2;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import java.util.Map;

/** What goes wrong at the token endpoint, in the words of RFC 6749, section 5.2, and keystone's own for the rest. */
public final class OAuth2Refusal {
    /** The detail of a fault that holds the error's name. */
    public static final String DETAIL = "oauth2";

    private OAuth2Refusal() {}

    static FaultException invalidRequest(String message) {
        return of(Fault.Kind.INVALID, "invalid_request", message);
    }

    static FaultException unsupportedGrant(String grant) {
        return of(
                Fault.Kind.INVALID,
                "unsupported_grant_type",
                "The parameter grant_type " + grant + " is not supported.");
    }

    static FaultException invalidClient() {
        return of(Fault.Kind.UNAUTHENTICATED, "invalid_client", "Client authentication failed.");
    }

    static FaultException methodNotAllowed() {
        return new FaultException(new Fault(
                Fault.Kind.METHOD_NOT_ALLOWED,
                "other_error",
                "The method is not allowed for the requested URL.",
                Map.of(DETAIL, "other_error", "allow", "POST")));
    }

    /** A refused login as the client of OAuth is told of it; nothing that could help to guess. */
    static FaultException of(FaultException refused) {
        return switch (refused.fault().kind()) {
            case UNAUTHENTICATED ->
                of(Fault.Kind.UNAUTHENTICATED, "invalid_client", refused.fault().message());
            case NOT_FOUND -> invalidClient();
            case INVALID ->
                of(Fault.Kind.INVALID, "invalid_request", refused.fault().message());
            default ->
                of(
                        refused.fault().kind(),
                        "other_error",
                        "An unknown error occurred and failed to get an OAuth2.0 access token.");
        };
    }

    private static FaultException of(Fault.Kind kind, String error, String message) {
        return new FaultException(new Fault(kind, error, message, Map.of(DETAIL, error)));
    }
}
