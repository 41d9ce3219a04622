package io.nacre.glance;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Caller;
import io.nacre.glance.metadef.MetadefPolicy;
import io.nacre.policy.Overrides;
import io.nacre.policy.Policy;
import io.nacre.policy.PolicyRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GlancePolicyTest {
    @TempDir
    Path folder;

    /** Policy files of old give rights to everybody by these names. */
    @Test
    void theDefaultRulesOfTheOriginalLetAnybodyWithATokenPass() throws IOException {
        Path file = Files.writeString(folder.resolve("glance.yaml"), """
                "delete_image_location": "rule:default"
                "add_metadef_namespace": "rule:metadef_default"
                """);
        List<PolicyRule> rules = Stream.concat(GlancePolicy.rules().stream(), MetadefPolicy.rules().stream())
                .toList();
        Caller.Person project = new Caller.Person("p1", "p1", "default", "Default");
        Caller member = new Caller(
                "test",
                null,
                new Caller.Person("ann", "ann", "default", "Default"),
                new Caller.Scope(project, null, false),
                Set.of("member", "reader"),
                null);
        for (String rule : List.of("delete_image_location", "add_metadef_namespace")) {
            assertThat(new Policy(rules, Overrides.NONE).allows(rule, member, Map.of("project_id", "p1")))
                    .isFalse();
            assertThat(new Policy(rules, Overrides.in(file)).allows(rule, member, Map.of("project_id", "p1")))
                    .isTrue();
        }
    }
}
