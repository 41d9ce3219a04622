package io.nacre.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.config.InvalidSettings;
import io.nacre.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SectionsTest {
    private static final Path STATE = Path.of("/nowhere");

    private static Sections read(String toml) {
        return Sections.read(new Settings().text("nacre.toml", toml), STATE);
    }

    @Test
    void theHttpEdgeIsSetInItsSection() {
        assertThat(read("").http().trustProxy()).isFalse();
        Sections sections = read("""
                [http]
                trust_proxy = true
                request_deadline = "30s"
                cors_origins = ["https://dashboard.example.org"]
                """);
        assertThat(sections.http().trustProxy()).isTrue();
        assertThat(sections.http().requestDeadline()).isEqualTo(Duration.ofSeconds(30));
        assertThat(sections.http().corsOrigins()).containsExactly("https://dashboard.example.org");
        assertThatThrownBy(() -> read("[http]\ntrust_proxi = true")).isInstanceOf(InvalidSettings.class);
    }

    @Test
    void portsAreOnesThatThereAre() {
        assertThat(read("[cloud]\nport_offset = 55000").cloud().portOffset()).isEqualTo(55000);
        for (int offset : new int[] {60000, -5000}) {
            assertThatThrownBy(() -> read("[cloud]\nport_offset = " + offset))
                    .isInstanceOf(InvalidSettings.class)
                    .hasMessageContaining("port_offset: with " + offset + " the ")
                    .hasMessageContaining("1 to 65535");
        }
    }

    @Test
    void notificationsGoToEveryTopicOnceTheyAreTurnedOn() {
        assertThat(read("").notifications().queues()).isEmpty();
        assertThat(read("""
                        [notifications]
                        driver = "messagingv2"
                        topics = ["notifications", "audit"]
                        """).notifications().queues()).containsExactly("notifications.info", "audit.info");
    }
}
