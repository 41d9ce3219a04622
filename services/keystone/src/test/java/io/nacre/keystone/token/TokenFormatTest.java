package io.nacre.keystone.token;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.keystone.fernet.Fernet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The vectors were made with python3-cryptography and msgpack from what keystone's formatters assemble. */
class TokenFormatTest {
    private static final Fernet.Key KEY = Fernet.Key.of("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    private static final Fernet.Key OTHER = Fernet.Key.of(Base64.getUrlEncoder().encodeToString(new byte[32]));
    private static final Instant ISSUED = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant EXPIRES = ISSUED.plusSeconds(3600);
    private static final String USER = "0123456789abcdef0123456789abcdef";
    private static final String PROJECT = "fedcba9876543210fedcba9876543210";
    private static final String THIRD = "aaaaaaaabbbbbbbbccccccccdddddddd";
    private static final List<String> AUDIT = List.of("AAECAwQFBgcICQoLDA0ODw");
    private static final List<String> CHAIN = List.of("AAECAwQFBgcICQoLDA0ODw", "EBESExQVFhcYGRobHB0eHw");

    record Vector(String text, Token token) {}

    private static Token token(
            String user, List<String> methods, Token.Scope scope, @Nullable String trust, @Nullable String credential) {
        return new Token(user, methods, scope, trust, credential, ISSUED, EXPIRES, AUDIT);
    }

    static Stream<Vector> vectors() {
        List<String> password = List.of("password");
        return Stream.of(
                new Vector(
                        "gAAAAABpVbkAZGVmZ2hpamtsbW5vcHFyc1U607eSf2L3a0iD3I1Bd8HpVu-lP2lTgoq9LtZjTCm5RlrEX7UZMYcK-Y3Rcysf"
                                + "T1yDR0afhXkUTFJ7SNVzXZgC3b7lmjf91vm9f-3hjtROrhLliUM36KmFCi0Nq24Cyw",
                        token(USER, password, Token.UNSCOPED, null, null)),
                new Vector(
                        "gAAAAABpVbkAZGVmZ2hpamtsbW5vcHFyc5iH4UqngOB0SVuiozBMUdTHxkP2msp8MMWjhLpM0DC1daCbJL9d23u9nAfYpPYf"
                                + "IPVKdU6WF1icWTC1GR369zY4KyYJh1Ug6aeFrxIQiXTX_t0zA0aaonHsqtozDyoRPw",
                        token(USER, password, new Token.DomainScope("default"), null, null)),
                new Vector(
                        "gAAAAABpVbkAZGVmZ2hpamtsbW5vcHFyc5iH4UqngOB0SVuiozBMUdTHNfsjb1MjGRiSeJ_k0t9_16J8dmSVAh-IsXQ0Pli3"
                                + "RH698r1i0TwPd64FgaSxYAE0IBfvY1VFfW-2JqA7FBe5XwTjky84ynM8hdw5GBMBac2SjUlrC5anRADP4nL5mIM",
                        token(USER, password, new Token.DomainScope(THIRD), null, null)),
                new Vector(
                        "gAAAAABpVbkAZGVmZ2hpamtsbW5vcHFyc8nmaTR-JaknXHGeLIRrL2czm5Pws0Gn0pLeGSSz4oRXx84RKmtNTW2_1PMH0L6m"
                                + "45Yu_pXP9nV51cRIRXnaJkNJSxmE_LVBWEdn47NJ2ZjJE4gCCyT3aDEALe7hiKZoBYXWTLImFmPAHLKpdGLh0sHtz1Hc"
                                + "utJkAUDlM9a8NtpT",
                        new Token(
                                USER,
                                List.of("token", "password"),
                                new Token.ProjectScope(PROJECT),
                                null,
                                null,
                                ISSUED,
                                EXPIRES,
                                CHAIN)),
                new Vector(
                        "gAAAAABpVbkAZGVmZ2hpamtsbW5vcHFyc80VitBKLjIIcUmBfpNW0yEdmSHwf_dP8shYsTJ0j7dEMwGGpI9l1YhUab9Gz1ks"
                                + "a1CMo5pEU-XKYUm7ZiOy9A3YQXlVUiwWTqkh-DhzolGYg2uYlju04vQ8jtWfwdcRlw",
                        token("admin-user", password, new Token.ProjectScope("a-project"), null, null)),
                new Vector(
                        "gAAAAABpVbkAZGVmZ2hpamtsbW5vcHFyc7bi7yXmJiVTR8sEUL2Iny1uZQaICvvzTjf6wTeOp5dNrZg0_I1tzAduVOYAVHqi"
                                + "XnVlAZw7unb9RP_PACAveyp3rE05z9rEy0qYp6d8-6R-ynpdlBJ9FKd9RDWEF2MCcgUdt4XIgHVU19ffny4RhhvWh59B"
                                + "klJQJPuqomUtnu-N",
                        token(USER, password, new Token.ProjectScope(PROJECT), THIRD, null)),
                new Vector(
                        "gAAAAABpVbkAZGVmZ2hpamtsbW5vcHFyc3iZ8WiMncqEAQYjAatiNp-H0rO3-uhLJTwoxk8JklamUGgGWrOjsfkVNw-7YhDs"
                                + "BHMtCGhLrSyvJcBG7Zizmx2GhYkIpkC-G3Yqr0kw7issBZnaABlgwmqZev1CSjFmBg",
                        token(USER, password, Token.SYSTEM, null, null)),
                new Vector(
                        "gAAAAABpVbkAZGVmZ2hpamtsbW5vcHFycyLKALzscHrEDssFcWHbMtSc24veGlcNdriK1c-t7k_VjqNyAIdz83lsCghHLiD3"
                                + "aqvOrMT-ggVwMkgVo52H8bCmtZBqv6VRtklafJgdstdjKi50v1ILrWIHE34aE2Ki41qdR9xTMIMj7xiKm8KUcMC5PuKTt"
                                + "cQgQoFAODm9myGu",
                        token(USER, List.of("application_credential"), new Token.ProjectScope(PROJECT), null, THIRD)));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void readsWhatTheOriginalWrote(Vector vector) {
        assertThat(TokenFormat.read(vector.text(), List.of(OTHER, KEY))).contains(vector.token());
        assertThat(TokenFormat.read(vector.text() + "==", List.of(KEY))).contains(vector.token());
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void writesByteForByteWhatTheOriginalWrites(Vector vector) {
        // The vectors' IV counts up from 100.
        RandomGenerator counting = new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new UnsupportedOperationException();
            }

            @Override
            public void nextBytes(byte[] bytes) {
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = (byte) (100 + i);
                }
            }
        };
        assertThat(TokenFormat.write(vector.token(), KEY, counting)).isEqualTo(vector.text());
    }

    /** {@code [10, user, methods, project, no domain, expires, [audit ids], thumbprint]}; the method cannot be told. */
    @Test
    void aTokenThatIsBoundToACertificateTellsItsThumbprint() {
        Token token = new Token(
                USER,
                List.of(Token.BY_CERTIFICATE),
                new Token.ProjectScope(PROJECT),
                null,
                null,
                null,
                "c2hhMjU2",
                ISSUED,
                EXPIRES,
                AUDIT,
                null);
        String text = TokenFormat.write(token, KEY, new Random(1));
        List<?> payload = (List<?>)
                Msgpack.read(Fernet.open(List.of(KEY), text).orElseThrow().message());
        assertThat(payload).hasSize(8);
        assertThat(payload.getFirst()).isEqualTo(10L);
        assertThat(payload.get(4)).isEqualTo(Arrays.asList(false, null));
        assertThat(payload.get(7)).isEqualTo(List.of(false, "c2hhMjU2"));
        Token read = TokenFormat.read(text, List.of(KEY)).orElseThrow();
        assertThat(read.thumbprint()).isEqualTo("c2hhMjU2");
        assertThat(read.projectId()).isEqualTo(PROJECT);
        assertThat(read.methods()).isEmpty();
    }

    private static Token federated(Token.Scope scope) {
        return new Token(
                USER,
                List.of("mapped"),
                scope,
                null,
                null,
                null,
                null,
                ISSUED,
                EXPIRES,
                AUDIT,
                new Token.Federation("acme", "openid", List.of(THIRD, "staff")));
    }

    /** {@code [version, user, methods, scope, [groups], provider, protocol, expires, [audit ids]]}. */
    @Test
    void aFederatedTokenTellsGroupsProviderAndProtocol() {
        Map<Integer, Token.Scope> versions =
                Map.of(4, Token.UNSCOPED, 5, new Token.ProjectScope(PROJECT), 6, new Token.DomainScope("default"));
        versions.forEach((version, scope) -> {
            Token token = federated(scope);
            String text = TokenFormat.write(token, KEY, new Random(1));
            assertThat(TokenFormat.read(text, List.of(KEY))).contains(token);
            List<?> payload = (List<?>) Objects.requireNonNull(
                    Msgpack.read(Fernet.open(List.of(KEY), text).orElseThrow().message()));
            assertThat(payload.getFirst()).isEqualTo((long) version);
            int groups = version == 4 ? 3 : 4;
            assertThat(payload).hasSize(groups + 5);
            assertThat(payload.get(2)).isEqualTo(16L);
            assertThat(((List<?>) payload.get(groups)).get(1)).isEqualTo(List.of(false, "staff"));
            assertThat(payload.get(groups + 1)).isEqualTo(List.of(false, "acme"));
            assertThat(payload.get(groups + 2)).isEqualTo("openid");
        });
    }

    @Test
    void refusesAPayloadVersionItDoesNotKnow() {
        String unknown =
                "gAAAAABpVbkAZGVmZ2hpamtsbW5vcHFyc_guWWKfBjGGsQn-257-ybUJ6wd9jsUgLBI2eizU4zbH_Eni-T69zkvyfSfXn_YQXJ4v"
                        + "rSAFQMP3nlEmk_zapm-A1aPBDQBWsR_z1Rizkeg3L0_zOmtw-cGHOQpNeeD6Sttiq4l7Gt1l7WdJY00xlf8A5IaMUobRKQI5ogWu"
                        + "3Uez";
        assertThat(Fernet.open(List.of(KEY), unknown)).isPresent();
        assertThat(TokenFormat.read(unknown, List.of(KEY))).isEmpty();
    }

    @Test
    void refusesEveryTokenWithOneBitChanged() {
        Token token = vectors().toList().get(3).token();
        byte[] good = Base64.getUrlDecoder().decode(TokenFormat.write(token, KEY, new Random(1)));
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(TokenFormat.read(Base64.getUrlEncoder().encodeToString(bad), List.of(KEY)))
                    .isEmpty();
        }
    }

    @Test
    void refusesGarbageAndForeignKeys() {
        String good = TokenFormat.write(vectors().toList().getFirst().token(), KEY, new Random(1));
        assertThat(TokenFormat.read(good, List.of(OTHER))).isEmpty();
        for (String text : List.of("", "=", "gAAAAA", "not a token", good + "A", good.substring(4), "ü" + good)) {
            assertThat(TokenFormat.read(text, List.of(KEY))).isEmpty();
        }
    }

    @Test
    void sealedRubbishIsNoTokenEither() {
        Random random = new Random(2);
        for (int i = 0; i < 20_000; i++) {
            byte[] rubbish = new byte[random.nextInt(40)];
            random.nextBytes(rubbish);
            if (rubbish.length > 1) {
                rubbish[0] = (byte) (0x90 + rubbish.length % 8);
                rubbish[1] = (byte) random.nextInt(10);
            }
            assertThat(TokenFormat.read(Fernet.seal(KEY, rubbish, ISSUED, random), List.of(KEY)))
                    .isEmpty();
        }
    }

    @Test
    void msgpackReadsBackWhatItWrites() {
        Random random = new Random(3);
        for (int i = 0; i < 1_000; i++) {
            Object value = value(random, 3);
            assertThat(same(Msgpack.read(Msgpack.write(value)), value)).isTrue();
        }
        assertThat(HexFormat.of().formatHex(Msgpack.write(List.of(2L, 300L, "ab", true, 1.5))))
                .isEqualTo("9502cd012ca26162c3cb3ff8000000000000");
    }

    private static @Nullable Object value(Random random, int levels) {
        return switch (random.nextInt(levels == 0 ? 6 : 7)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextLong() >> random.nextInt(64);
            case 3 -> random.nextDouble();
            case 4 -> "x".repeat(random.nextInt(300));
            case 5 -> new byte[random.nextInt(300) * random.nextInt(300)];
            default -> {
                List<@Nullable Object> list = new ArrayList<>();
                for (int i = random.nextInt(20); i > 0; i--) {
                    list.add(value(random, levels - 1));
                }
                yield list;
            }
        };
    }

    private static boolean same(@Nullable Object one, @Nullable Object other) {
        if (one instanceof List<?> list && other instanceof List<?> others) {
            return list.size() == others.size()
                    && IntStream.range(0, list.size()).allMatch(i -> same(list.get(i), others.get(i)));
        }
        return Objects.deepEquals(one, other);
    }
}
