package io.nacre.keystone.federation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallbackPageTest {
    @Test
    void whatIsFilledInCannotLeaveItsPlace() {
        assertThat(new CallbackPage(null).of("https://d/?a=1&b=\"><script>", "$host'"))
                .contains("action=\"https://d/?a=1&amp;b=&quot;&gt;&lt;script&gt;\"")
                .contains("value=\"$host&#39;\"");
    }

    @Test
    void anOperatorsPageIsTakenInstead(@TempDir Path directory) throws IOException {
        Path template = Files.writeString(directory.resolve("page.html"), "<a href='${host}'>$token</a> $tokens");
        assertThat(new CallbackPage(template).of("https://d/", "t")).isEqualTo("<a href='https://d/'>t</a> $tokens");
    }
}
