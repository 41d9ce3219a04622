package io.nacre.keystone.token;

import io.nacre.keystone.fernet.Fernet;
import io.nacre.keystone.token.Token.DomainScope;
import io.nacre.keystone.token.Token.ProjectScope;
import io.nacre.keystone.token.Token.SystemScope;
import io.nacre.keystone.token.Token.Unscoped;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The payload of a token, array by array as keystone's token formatters have it, so that either program can read what
 * the other wrote with the same keys: {@code [version, user, methods, scope..., expires, [audit ids], credential...]}.
 * Identifiers of 32 hexadecimal digits are packed into 16 bytes. The time of issue is the envelope's.
 */
final class TokenFormat {
    private static final int UNSCOPED = 0;
    private static final int DOMAIN = 1;
    private static final int PROJECT = 2;
    private static final int TRUST = 3;
    private static final int FEDERATED_UNSCOPED = 4;
    private static final int FEDERATED_PROJECT = 5;
    private static final int FEDERATED_DOMAIN = 6;
    private static final int ACCESS_TOKEN = 7;
    private static final int SYSTEM = 8;
    private static final int APPLICATION_CREDENTIAL = 9;
    private static final int CERTIFICATE = 10;

    private static final Pattern HEX = Pattern.compile("[0-9a-f]{32}");

    /** The original's default [auth] methods, and those that may be added; a method's place in the list is its bit in the token. */
    static final List<String> METHODS = List.of(
            "external", "password", "token", "oauth1", "mapped", "application_credential", "totp", "openid", "saml2");

    /** Stands in a token that a certificate is bound to, which is always for a project. */
    private static final List<@Nullable Object> NO_DOMAIN = Arrays.asList(false, null);

    private TokenFormat() {}

    static String write(Token token, Fernet.Key key, RandomGenerator random) {
        return Fernet.seal(key, Msgpack.write(payload(token)), token.issuedAt(), random);
    }

    /** Empty for whatever no key fits or is of a version that is not known here. */
    static Optional<Token> read(String text, List<Fernet.Key> keys) {
        Optional<Fernet.Opened> opened = Fernet.open(keys, text);
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Msgpack.read(opened.get().message()) instanceof List<?> payload
                    ? token(new Fields(payload), opened.get().createdAt())
                    : Optional.empty();
        } catch (IllegalArgumentException | ClassCastException e) {
            return Optional.empty();
        }
    }

    private static List<@Nullable Object> payload(Token token) {
        List<@Nullable Object> payload = new ArrayList<>(7);
        payload.add(version(token));
        payload.add(flagged(token.userId()));
        payload.add(bits(token.methods()));
        switch (token.scope()) {
            case Unscoped() -> {}
            case ProjectScope(String id) -> payload.add(flagged(id));
            case DomainScope(String id) when token.federation() != null -> payload.add(flagged(id));
            case DomainScope(String id) -> payload.add(HEX.matcher(id).matches() ? packed(id) : id);
            case SystemScope() -> payload.add("all");
        }
        Token.Federation federation = token.federation();
        if (federation != null) {
            payload.add(federation.groupIds().stream().map(TokenFormat::flagged).toList());
            payload.add(flagged(federation.identityProviderId()));
            payload.add(federation.protocolId());
        }
        if (token.accessTokenId() != null) {
            payload.add(flagged(token.accessTokenId()));
        }
        if (token.thumbprint() != null) {
            payload.add(NO_DOMAIN);
        }
        payload.add((double) token.expiresAt().getEpochSecond());
        payload.add(
                token.auditIds().stream().map(Base64.getUrlDecoder()::decode).toList());
        if (token.trustId() != null) {
            payload.add(packed(token.trustId()));
        } else if (token.credentialId() != null) {
            payload.add(flagged(token.credentialId()));
        } else if (token.thumbprint() != null) {
            payload.add(List.of(false, token.thumbprint()));
        }
        return payload;
    }

    private static int version(Token token) {
        boolean federated = token.federation() != null;
        return switch (token.scope()) {
            case Unscoped() -> federated ? FEDERATED_UNSCOPED : UNSCOPED;
            case DomainScope(String id) -> federated ? FEDERATED_DOMAIN : DOMAIN;
            case SystemScope() -> SYSTEM;
            case ProjectScope(String id) when federated -> FEDERATED_PROJECT;
            case ProjectScope(String id) when token.accessTokenId() != null -> ACCESS_TOKEN;
            case ProjectScope(String id) when token.thumbprint() != null -> CERTIFICATE;
            case ProjectScope(String id) ->
                token.trustId() != null ? TRUST : token.credentialId() != null ? APPLICATION_CREDENTIAL : PROJECT;
        };
    }

    private static Optional<Token> token(Fields fields, Instant issuedAt) {
        int version = (int) fields.whole();
        String userId = fields.flagged();
        List<String> methods = methods(fields.whole());
        Token.Scope scope = switch (version) {
            case UNSCOPED, FEDERATED_UNSCOPED -> Token.UNSCOPED;
            case DOMAIN -> new DomainScope(fields.identifier());
            case FEDERATED_DOMAIN -> new DomainScope(fields.flagged());
            case PROJECT, TRUST, CERTIFICATE, APPLICATION_CREDENTIAL, ACCESS_TOKEN, FEDERATED_PROJECT ->
                new ProjectScope(fields.flagged());
            case SYSTEM -> {
                fields.identifier();
                yield Token.SYSTEM;
            }
            default -> throw new IllegalArgumentException("payload version " + version);
        };
        Token.Federation federation =
                version >= FEDERATED_UNSCOPED && version <= FEDERATED_DOMAIN ? fields.federation() : null;
        String accessTokenId = version == ACCESS_TOKEN ? fields.flagged() : null;
        if (version == CERTIFICATE) {
            fields.take();
        }
        Instant expiresAt = fields.time();
        List<String> auditIds = fields.auditIds();
        String trustId = version == TRUST ? fields.identifier() : null;
        String credentialId = version == APPLICATION_CREDENTIAL ? fields.flagged() : null;
        String thumbprint = version == CERTIFICATE ? fields.flagged() : null;
        if (auditIds.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Token(
                userId,
                methods,
                scope,
                trustId,
                credentialId,
                accessTokenId,
                thumbprint,
                issuedAt,
                expiresAt,
                auditIds,
                federation));
    }

    /** Reads the payload from left to right. */
    static final class Fields {
        private final List<?> payload;
        private int next;

        Fields(List<?> payload) {
            this.payload = payload;
        }

        private @Nullable Object take() {
            if (next == payload.size()) {
                throw new IllegalArgumentException("the payload is too short");
            }
            return payload.get(next++);
        }

        long whole() {
            if (take() instanceof Long number) {
                return number;
            }
            throw lacks("a number");
        }

        /** A pair: whether it was packed, and the identifier. */
        String flagged() {
            if (take() instanceof List<?> pair && pair.size() == 2 && pair.getFirst() instanceof Boolean packed) {
                return text(pair.get(1), packed);
            }
            throw lacks("an identifier");
        }

        /** An identifier that is packed exactly when it is binary of 16 bytes. */
        String identifier() {
            Object value = take();
            return text(value, value instanceof byte[] bytes && bytes.length == 16);
        }

        Token.Federation federation() {
            if (!(take() instanceof List<?> groups)) {
                throw lacks("groups");
            }
            Fields ids = new Fields(groups);
            List<String> groupIds = groups.stream().map(group -> ids.flagged()).toList();
            return new Token.Federation(flagged(), identifier(), groupIds);
        }

        Instant time() {
            return switch (take()) {
                case Double seconds -> Instant.ofEpochSecond(seconds.longValue());
                case Long seconds -> Instant.ofEpochSecond(seconds);
                case null, default -> throw lacks("a time");
            };
        }

        List<String> auditIds() {
            if (!(take() instanceof List<?> ids)) {
                throw lacks("audit ids");
            }
            List<String> read = new ArrayList<>(2);
            for (Object id : ids) {
                if (!(id instanceof byte[] bytes)) {
                    throw lacks("an audit id");
                }
                read.add(encode(bytes));
            }
            return List.copyOf(read);
        }

        private static String text(@Nullable Object value, boolean packed) {
            return switch (value) {
                case byte[] bytes ->
                    packed ? HexFormat.of().formatHex(bytes) : new String(bytes, StandardCharsets.UTF_8);
                case String text when !packed -> text;
                case null, default -> throw lacks("an identifier");
            };
        }
    }

    private static IllegalArgumentException lacks(String wanted) {
        return new IllegalArgumentException("the payload lacks " + wanted);
    }

    static List<Object> flagged(String id) {
        boolean hex = HEX.matcher(id).matches();
        return List.of(hex, hex ? packed(id) : id);
    }

    private static byte[] packed(String id) {
        return HexFormat.of().parseHex(id);
    }

    /** 16 random bytes as 22 characters. */
    static String auditId(RandomGenerator random) {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return encode(bytes);
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static int bits(List<String> methods) {
        int bits = 0;
        for (String method : methods) {
            if (method.equals(Token.BY_SIGNATURE) || method.equals(Token.BY_CERTIFICATE)) {
                continue;
            }
            int place = METHODS.indexOf(method);
            if (place < 0) {
                throw new IllegalArgumentException("no such authentication method: " + method);
            }
            bits |= 1 << place;
        }
        return bits;
    }

    static List<String> methods(long bits) {
        List<String> methods = new ArrayList<>(2);
        for (int place = METHODS.size() - 1; place >= 0; place--) {
            if ((bits & 1L << place) != 0) {
                methods.add(METHODS.get(place));
            }
        }
        return List.copyOf(methods);
    }
}
