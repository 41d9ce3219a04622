package io.nacre.keystone.credential;

import io.nacre.base.Digests;
import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Json;
import io.nacre.keystone.auth.Authorization;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/**
 * The JSON object inside an EC2 credential: access key, secret, and the trust or application credential that it was made
 * with, to which it stays bound.
 */
record Ec2Blob(Map<String, @Nullable Object> members) {
    private static final List<String> BOUNDS = List.of("trust_id", "app_cred_id", "access_token_id", "access_id");

    static Ec2Blob of(Credential credential) {
        try {
            Map<String, @Nullable Object> members =
                    Json.MAPPER.readValue(credential.blob(), new TypeReference<Map<String, @Nullable Object>>() {});
            if (members != null && members.get("access") instanceof String) {
                return new Ec2Blob(members);
            }
        } catch (JacksonException e) {
            throw Fault.invalid("Invalid blob in credential").because(e);
        }
        throw missing("blob");
    }

    static FaultException missing(String attribute) {
        return Fault.invalid(
                "Expecting to find " + attribute + " in credential. The server could not comply with the request"
                        + " since it is either malformed or otherwise incorrect. The client is assumed to be in error.");
    }

    String access() {
        return String.valueOf(members.get("access"));
    }

    @Nullable
    String text(String name) {
        Object value = members.get(name);
        return value == null ? null : value.toString();
    }

    boolean isUnbound() {
        return BOUNDS.stream().allMatch(bound -> members.get(bound) == null);
    }

    /** The credential's identifier is the hash of its access key, so that it can be found by it. */
    static String idOf(String access) {
        return Digests.hex("SHA-256", access);
    }

    /** The credential with the identifier it must have, bound to what the token is bound to. */
    static Credential bound(Credential plain, Authorization token) {
        requireUnrestricted(token);
        if (token.isBoundToCertificate()) {
            throw Fault.forbidden(
                    "You are not authorized to perform the requested action: Creating an EC2 credential with"
                            + " a token that is bound to a certificate.");
        }
        Map<String, @Nullable Object> sent = of(plain).members();
        Map<String, @Nullable Object> members = new LinkedHashMap<>(sent);
        BOUNDS.forEach(members::remove);
        if (token.trust() != null) {
            members.put("trust_id", token.trust().id());
        }
        if (token.credential() != null) {
            if (!token.credential().projectId().equals(plain.projectId())) {
                throw Fault.forbidden("You are not authorized to perform the requested action: EC2 credential"
                        + " project_id must match the project of the application credential used to authenticate.");
            }
            members.put("app_cred_id", token.credential().id());
        }
        if (token.accessToken() != null) {
            if (!token.accessToken().projectId().equals(plain.projectId())) {
                throw Fault.forbidden("You are not authorized to perform the requested action: EC2 credential"
                        + " project_id must match the project of the access token used to authenticate.");
            }
            members.put("access_token_id", token.accessToken().id());
        }
        return new Credential(
                idOf(String.valueOf(members.get("access"))),
                plain.userId(),
                plain.projectId(),
                plain.type(),
                members.equals(sent) ? plain.blob() : Json.write(members),
                plain.extra());
    }

    static void requireUnrestricted(Authorization token) {
        if (token.credential() != null && !token.credential().unrestricted()) {
            throw Fault.forbidden("You are not authorized to perform the requested action: Using method"
                    + " 'application_credential' is not allowed for managing additional credentials.");
        }
    }

    static void requireSameBounds(Credential present, Credential next) {
        Ec2Blob before = of(present);
        Ec2Blob after = of(next);
        for (String bound : BOUNDS) {
            if (!Objects.equals(before.members().get(bound), after.members().get(bound))) {
                throw Fault.invalid(bound + " can not be updated for credential");
            }
        }
    }
}
