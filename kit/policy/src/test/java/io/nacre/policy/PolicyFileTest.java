package io.nacre.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyFileTest {
    @TempDir
    Path directory;

    private Map<String, String> read(String text) throws IOException {
        Map<String, String> rules = new TreeMap<>();
        PolicyFile.read(Files.writeString(directory.resolve("policy.yaml"), text))
                .forEach((name, rule) -> rules.put(name, rule.toString()));
        return rules;
    }

    @Test
    void readsTheWaysInWhichOperatorsWriteRules() throws IOException {
        Map<String, String> rules = read("""
                ---
                # Everything below is optional.
                "os_compute_api:servers:create": "role:member and project_id:%(project_id)s"
                'identity:list_users': 'role:reader'   # trailing comment
                admin_required: role:admin or is_admin:True  # plain
                "empty": ""
                "quote": '''a'':%(b)s'
                "double": "\\"a\\":%(b)s"
                "folded": >-
                  role:a
                  or role:b
                "continued": "role:a and
                  role:b"
                "list": [["role:a", "role:b"], ["role:c"]]

                """);
        assertThat(rules)
                .containsEntry("os_compute_api:servers:create", "(role:member and project_id:%(project_id)s)")
                .containsEntry("identity:list_users", "role:reader")
                .containsEntry("admin_required", "(role:admin or is_admin:True)")
                .containsEntry("empty", "@")
                .containsEntry("quote", "'a':%(b)s")
                .containsEntry("double", "\"a\":%(b)s")
                .containsEntry("folded", "(role:a or role:b)")
                .containsEntry("continued", "(role:a and role:b)")
                .containsEntry("list", "((role:a and role:b) or role:c)")
                .hasSize(9);
    }

    @Test
    void readsAnEmptyFileAsNoOverrides() throws IOException {
        assertThat(read("# nothing\n")).isEmpty();
        assertThat(read("")).isEmpty();
        assertThat(read("{}")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "- role:admin\n",
                "\"x\": *anchor\n",
                "\"x\": \"role:a\" \"role:b\"\n",
                "\"x\": \"role:a\n",
                "\"x\":\n",
                "\"x\": {a: b}\n",
                "\"x\": [role:a]\n",
                "just words\n",
                "\"x\": \"@\"\n\"x\": \"!\"\n",
                "{\"x\": 7}",
                "{\"x\": \"@\"",
                "{\"x\": \"@\", \"x\": \"!\"}",
            })
    void refusesWhatItWouldHaveToGuess(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
