package io.nacre.keystone.credential;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The vectors of RFC 6238, appendix B, of whose eight digits these are the last six; and of RFC 4648. */
class TotpTest {
    private static final byte[] SECRET = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);

    @ParameterizedTest
    @CsvSource({"59, 287082", "1111111109, 081804", "1111111111, 050471", "1234567890, 005924", "20000000000, 353130"})
    void aPasscodeIsOfItsHalfMinute(long second, String passcode) {
        assertThat(Totp.passcode(SECRET, second / 30)).isEqualTo(passcode);
    }

    @ParameterizedTest
    @CsvSource({"MY======, f", "MZXQ====, fo", "MZXW6===, foo", "MZXW6YQ, foob", "MZXW6YTB, fooba", "MZXW6YTBOI, foobar"
    })
    void aSecretIsReadFromBase32(String text, String secret) {
        assertThat(Totp.secret(text))
                .hasValueSatisfying(bytes ->
                        assertThat(bytes).asString(StandardCharsets.US_ASCII).isEqualTo(secret));
    }

    @Test
    void anythingElseIsNoSecret() {
        assertThat(Totp.secret("mzxw6")).isEmpty();
        assertThat(Totp.secret("MZ=W6")).isEmpty();
        assertThat(Totp.secret("10")).isEmpty();
    }
}
