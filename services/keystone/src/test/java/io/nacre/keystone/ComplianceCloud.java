package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.database.Database;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.CountingTransactions;
import io.nacre.testkit.MutableClock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A cloud with settings of [keystone.security_compliance], and what its users do. */
abstract class ComplianceCloud {
    @TempDir
    Path keys;

    final MutableClock clock = MutableClock.fixed();
    private final List<KeystoneServer> started = new ArrayList<>();
    CountingTransactions transactions;
    KeystoneServer cloud;
    String admin;

    @BeforeEach
    void database(Database database) {
        transactions = new CountingTransactions(database);
    }

    /** Starts a controller; once more is a restart with other settings. */
    void start(String... options) {
        cloud = new KeystoneServer(transactions, keys, clock, options);
        started.add(cloud);
        admin = cloud.admin();
    }

    @AfterEach
    void stop() {
        started.forEach(KeystoneServer::close);
    }

    static String[] set(String... options) {
        return Stream.of(options).map("security_compliance."::concat).toArray(String[]::new);
    }

    String user(String name, String password, String... options) {
        Map<String, Object> all = new HashMap<>();
        List.of(options).forEach(option -> all.put(option, true));
        return cloud.make(admin, "/v3/users", "user", Map.of("name", name, "password", password, "options", all));
    }

    int login(String name, String password) {
        return cloud.login(name, password, null).status();
    }

    Answer change(String id, String from, String to) {
        return cloud.post(
                null,
                "/v3/users/" + id + "/password",
                Map.of("user", Map.of("original_password", from, "password", to)));
    }

    Answer patch(String id, Map<String, ?> attributes) {
        Answer answer = cloud.patch(admin, "/v3/users/" + id, Map.of("user", attributes));
        assertThat(answer.status()).isEqualTo(200);
        return answer;
    }

    Answer show(String id) {
        return cloud.get(admin, "/v3/users/" + id);
    }

    static String message(Answer answer) {
        return answer.json().at("/error/message").asString();
    }
}
