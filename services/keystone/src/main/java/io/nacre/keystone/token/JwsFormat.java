package io.nacre.keystone.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import io.nacre.base.FaultException;
import io.nacre.base.Json;
import io.nacre.keystone.jws.JwsKeys;
import io.nacre.keystone.token.Token.DomainScope;
import io.nacre.keystone.token.Token.ProjectScope;
import io.nacre.keystone.token.Token.SystemScope;
import io.nacre.keystone.token.Token.Unscoped;
import java.io.ByteArrayInputStream;
import java.security.interfaces.ECPublicKey;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Tokens as JSON Web Signatures: the claims {@code sub}, {@code iat}, {@code exp} and those of OpenStack, signed with
 * ES256, as keystone's provider jws has them, so that either program can read what the other wrote with the same keys.
 */
final class JwsFormat {
    private static final JWSHeader HEADER =
            new JWSHeader.Builder(JWSAlgorithm.ES256).type(JOSEObjectType.JWT).build();

    private JwsFormat() {}

    static String write(Token token, JwsKeys.Keys keys) {
        JWSObject signed = new JWSObject(HEADER, new Payload(Json.bytes(claims(token))));
        try {
            signed.sign(new ECDSASigner(keys.signing()));
        } catch (JOSEException e) {
            throw new IllegalStateException("a token could not be signed", e);
        }
        return signed.serialize();
    }

    private static Map<String, Object> claims(Token token) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("sub", token.userId());
        claims.put("iat", token.issuedAt().getEpochSecond());
        claims.put("exp", token.expiresAt().getEpochSecond());
        claims.put("openstack_methods", token.methods());
        claims.put("openstack_audit_ids", token.auditIds());
        switch (token.scope()) {
            case Unscoped() -> {}
            case SystemScope() -> claims.put("openstack_system", "all");
            case DomainScope(String id) -> claims.put("openstack_domain_id", id);
            case ProjectScope(String id) -> claims.put("openstack_project_id", id);
        }
        if (token.trustId() != null) {
            claims.put("openstack_trust_id", token.trustId());
        }
        Token.Federation federation = token.federation();
        if (federation != null) {
            claims.put(
                    "openstack_group_ids",
                    federation.groupIds().stream().map(id -> Map.of("id", id)).toList());
            claims.put("openstack_idp_id", federation.identityProviderId());
            claims.put("openstack_protocol_id", federation.protocolId());
        }
        if (token.accessTokenId() != null) {
            claims.put("openstack_access_token_id", token.accessTokenId());
        }
        if (token.credentialId() != null) {
            claims.put("openstack_app_cred_id", token.credentialId());
        }
        if (token.thumbprint() != null) {
            claims.put("openstack_thumbprint", token.thumbprint());
        }
        return claims;
    }

    /** Empty for whatever none of the keys has signed. Expiry is not looked at. */
    static Optional<Token> read(String text, JwsKeys.Keys keys) {
        try {
            JWSObject signed = JWSObject.parse(text);
            if (!JWSAlgorithm.ES256.equals(signed.getHeader().getAlgorithm())) {
                return Optional.empty();
            }
            for (ECPublicKey key : keys.verifying()) {
                if (signed.verify(new ECDSAVerifier(key))) {
                    return Optional.of(token(Json.parse(
                            new ByteArrayInputStream(signed.getPayload().toBytes()))));
                }
            }
            return Optional.empty();
        } catch (ParseException | JOSEException | IllegalArgumentException | FaultException e) {
            return Optional.empty();
        }
    }

    private static Token token(JsonNode claims) {
        return new Token(
                required(claims, "sub"),
                texts(claims, "openstack_methods"),
                scope(claims),
                text(claims, "openstack_trust_id"),
                text(claims, "openstack_app_cred_id"),
                text(claims, "openstack_access_token_id"),
                text(claims, "openstack_thumbprint"),
                time(claims, "iat"),
                time(claims, "exp"),
                auditIds(claims),
                federation(claims));
    }

    private static Token.Scope scope(JsonNode claims) {
        String project = text(claims, "openstack_project_id");
        String domain = text(claims, "openstack_domain_id");
        if (text(claims, "openstack_system") != null) {
            return Token.SYSTEM;
        }
        return project != null ? new ProjectScope(project) : domain != null ? new DomainScope(domain) : Token.UNSCOPED;
    }

    private static Token.@Nullable Federation federation(JsonNode claims) {
        String provider = text(claims, "openstack_idp_id");
        if (provider == null) {
            return null;
        }
        List<String> groups = new ArrayList<>();
        for (JsonNode group : claims.path("openstack_group_ids")) {
            groups.add(required(group, "id"));
        }
        return new Token.Federation(provider, required(claims, "openstack_protocol_id"), List.copyOf(groups));
    }

    private static List<String> auditIds(JsonNode claims) {
        List<String> ids = texts(claims, "openstack_audit_ids");
        if (ids.isEmpty()) {
            throw lacks("openstack_audit_ids");
        }
        return ids;
    }

    private static List<String> texts(JsonNode claims, String name) {
        JsonNode list = claims.path(name);
        if (!list.isArray()) {
            throw lacks(name);
        }
        List<String> texts = new ArrayList<>(2);
        for (JsonNode one : list) {
            if (!one.isString()) {
                throw lacks(name);
            }
            texts.add(one.asString());
        }
        return List.copyOf(texts);
    }

    private static Instant time(JsonNode claims, String name) {
        JsonNode seconds = claims.path(name);
        if (!seconds.isIntegralNumber() || !seconds.canConvertToLong()) {
            throw lacks(name);
        }
        return Instant.ofEpochSecond(seconds.asLong());
    }

    private static String required(JsonNode claims, String name) {
        String text = text(claims, name);
        if (text == null) {
            throw lacks(name);
        }
        return text;
    }

    private static @Nullable String text(JsonNode claims, String name) {
        JsonNode value = claims.path(name);
        return value.isString() ? value.asString() : null;
    }

    private static IllegalArgumentException lacks(String name) {
        return new IllegalArgumentException("the token lacks " + name);
    }
}
