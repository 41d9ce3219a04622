package io.nacre.keystone.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PasswordsTest {
    /** Made by python3-bcrypt. */
    private static final String OF_SECRET = "$2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW";

    private static final String OF_72_X = "$2b$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i";
    private static final String OF_40_UMLAUTS = "$2b$04$abcdefghijklmnopqrstuuOpC9dTG2WsKNcYAQYyllT7OMl4pRk1S";

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private Passwords passwords = with(Duration.ofMinutes(1), false);

    private Passwords with(Duration remember, boolean strict) {
        return new Passwords(new PasswordConfig(4, 4096, strict, 1, 4, remember), new Random(1), () -> now);
    }

    @AfterEach
    void close() {
        passwords.close();
    }

    @Test
    void checksHashesThatTheOriginalMade() {
        assertThat(passwords.verify("u", "secret", OF_SECRET)).isTrue();
        assertThat(passwords.verify("u", "Secret", OF_SECRET)).isFalse();
        assertThat(passwords.verify("u", "", OF_SECRET)).isFalse();
        assertThat(passwords.verify("u", "x".repeat(72), OF_72_X)).isTrue();
        assertThat(passwords.verify("u", "x".repeat(71), OF_72_X)).isFalse();
    }

    @Test
    void countsBytesAndIgnoresWhatIsBeyond72AsTheOriginalDoes() {
        assertThat(passwords.verify("u", "x".repeat(100), OF_72_X)).isTrue();
        assertThat(passwords.verify("u", "ü".repeat(36), OF_40_UMLAUTS)).isTrue();
        assertThat(passwords.verify("u", "ü".repeat(40), OF_40_UMLAUTS)).isTrue();
        assertThat(passwords.verify("u", "ü".repeat(35), OF_40_UMLAUTS)).isFalse();
    }

    @Test
    void refusesLongPasswordsWhenStrict() {
        passwords.close();
        passwords = with(Duration.ZERO, true);
        assertThatThrownBy(() -> passwords.hash("x".repeat(73)))
                .isInstanceOfSatisfying(
                        FaultException.class,
                        e -> assertThat(e.is(Fault.Kind.FORBIDDEN)).isTrue());
        assertThat(passwords.hash("x".repeat(72))).startsWith("$2b$04$").hasSize(60);
    }

    @Test
    void saltsEveryHash() {
        String one = passwords.hash("secret");
        String two = passwords.hash("secret");
        assertThat(one).isNotEqualTo(two).startsWith("$2b$04$");
        assertThat(passwords.verify("u", "secret", one)).isTrue();
        assertThat(passwords.verify("u", "secret", two)).isTrue();
    }

    @Test
    void nobodyHasAPasswordThatIsRight() {
        assertThat(passwords.verify("u", "secret", null)).isFalse();
        assertThat(passwords.verify("u", "", null)).isFalse();
    }

    @Test
    void remembersARightPasswordForTheTimeConfiguredAndNoLonger() {
        RememberedPasswords remembered = new RememberedPasswords(Duration.ofMinutes(1), new Random(1), () -> now);
        byte[] secret = {1, 2, 3};
        remembered.add("u", "hash", secret);
        now = now.plusSeconds(59);
        assertThat(remembered.knows("u", "hash", secret)).isTrue();
        now = now.plusSeconds(1);
        assertThat(remembered.knows("u", "hash", secret)).isFalse();
    }

    @Test
    void forgetsAPasswordOnceItsHashHasChanged() {
        RememberedPasswords remembered = new RememberedPasswords(Duration.ofMinutes(1), new Random(1), () -> now);
        byte[] secret = {1, 2, 3};
        remembered.add("u", "hash", secret);
        assertThat(remembered.knows("u", "other hash", secret)).isFalse();
        assertThat(remembered.knows("v", "hash", secret)).isFalse();
        assertThat(remembered.knows("u", "hash", new byte[] {1, 2, 4})).isFalse();
    }

    @Test
    void neverRemembersWhenToldSo() {
        RememberedPasswords remembered = new RememberedPasswords(Duration.ZERO, new Random(1), () -> now);
        remembered.add("u", "hash", new byte[] {1});
        assertThat(remembered.knows("u", "hash", new byte[] {1})).isFalse();
    }

    @Test
    void isQuickOnceItRemembers() {
        passwords.close();
        passwords = new Passwords(
                new PasswordConfig(12, 4096, false, 1, 4, Duration.ofMinutes(1)), new Random(1), () -> now);
        String hash = passwords.hash("secret");
        assertThat(passwords.verify("u", "secret", hash)).isTrue();
        long began = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            assertThat(passwords.verify("u", "secret", hash)).isTrue();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        assertThat(passwords.verify("u", "wrong", hash)).isFalse();
    }
}
