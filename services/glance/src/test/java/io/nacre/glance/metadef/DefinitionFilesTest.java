package io.nacre.glance.metadef;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.FaultException;
import io.nacre.base.Ids;
import io.nacre.base.Json;
import io.nacre.database.Database;
import io.nacre.glance.metadef.DefinitionFiles.Existing;
import io.nacre.glance.metadef.DefinitionFiles.Result;
import io.nacre.testkit.EveryEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@EveryEngine(migrations = {"db/glance", "db/quota", "db/tasks"})
class DefinitionFilesTest {
    private static final String FULL = """
            {"namespace": "OS::A/b", "display_name": "A", "visibility": "public", "protected": true,
             "resource_type_associations": [{"name": "OS::Nova::Flavor", "prefix": "hw:"}],
             "properties": {"p": {"title": "P", "type": "string"}},
             "objects": [{"name": "o", "description": "O", "properties": {"q": {"title": "Q", "type": "integer"}}}],
             "tags": [{"name": "t"}]}
            """;
    /** More of it, and other words for what there is. */
    private static final String NEWER = """
            {"namespace": "OS::A/b", "display_name": "Newer", "visibility": "private",
             "resource_type_associations": [{"name": "OS::Nova::Flavor"}, {"name": "OS::Glance::Image"}],
             "properties": {"p": {"title": "Newer", "type": "string"}, "r": {"title": "R", "type": "string"}},
             "tags": [{"name": "t"}, {"name": "u"}]}
            """;

    private final DefinitionFiles files;

    @TempDir
    Path folder;

    DefinitionFilesTest(Database database) {
        files = Metadefs.files(database, Ids.secure(), InstantSource.system());
    }

    private static JsonNode tree(String json) {
        return Json.read(json, JsonNode.class);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("in.json"), text);
    }

    private JsonNode exported() throws IOException {
        assertThat(files.export(folder.resolve("out"))).containsExactly(folder.resolve("out/OS_A_b.json"));
        return tree(Files.readString(folder.resolve("out/OS_A_b.json")));
    }

    @Test
    void whatIsExportedIsWhatWasLoaded() throws IOException {
        assertThat(files.load(file(FULL), Existing.KEEP)).isEqualTo(Map.of("OS::A/b", Result.ADDED));
        JsonNode exported = exported();
        assertThat(exported.get("owner").stringValue()).isEqualTo("admin");
        ((ObjectNode) exported).remove("owner");
        assertThat(exported).isEqualTo(tree(FULL));
        assertThat(files.unload()).isEqualTo(1);
        assertThat(files.export(folder.resolve("none"))).isEmpty();
        assertThat(files.load(folder.resolve("out"), Existing.KEEP)).isEqualTo(Map.of("OS::A/b", Result.ADDED));
    }

    @Test
    void aNamespaceThatIsThereIsKeptCompletedUpdatedOrReplaced() throws IOException {
        files.load(file(FULL), Existing.KEEP);
        JsonNode before = exported();
        assertThat(files.load(file(NEWER), Existing.KEEP)).containsValue(Result.KEPT);
        assertThat(exported()).isEqualTo(before);

        assertThat(files.load(file(NEWER), Existing.COMPLETE)).containsValue(Result.CHANGED);
        JsonNode complete = exported();
        assertThat(complete.get("display_name").stringValue()).isEqualTo("A");
        assertThat(complete.at("/properties/p/title").stringValue()).isEqualTo("P");
        assertThat(complete.get("properties").propertyNames()).containsExactlyInAnyOrder("p", "r");
        assertThat(complete.get("resource_type_associations").get(0))
                .isEqualTo(tree("{\"name\": \"OS::Nova::Flavor\", \"prefix\": \"hw:\"}"));
        assertThat(complete.get("resource_type_associations")).hasSize(2);
        assertThat(complete.get("tags")).hasSize(2);

        files.load(file(NEWER), Existing.UPDATE);
        JsonNode updated = exported();
        assertThat(updated.get("display_name").stringValue()).isEqualTo("Newer");
        assertThat(updated.get("visibility").stringValue()).isEqualTo("private");
        assertThat(updated.get("protected").booleanValue()).isFalse();
        assertThat(updated.at("/properties/p/title").stringValue()).isEqualTo("Newer");
        assertThat(updated.get("resource_type_associations").toString()).doesNotContain("hw:");
        assertThat(updated.get("objects")).hasSize(1);

        files.load(file(NEWER), Existing.REPLACE);
        assertThat(exported().get("objects")).isEmpty();
    }

    @Test
    void aBadFileLeavesEverythingAsItWas() throws IOException {
        Files.writeString(folder.resolve("a.json"), FULL);
        for (String bad : new String[] {
            "not json", "[]", "{}", "{\"namespace\": \"b\", \"tags\": [{}]}", "{\"namespace\": \"b\", \"x\": 1}"
        }) {
            Files.writeString(folder.resolve("b.json"), bad);
            assertThatThrownBy(() -> files.load(folder, Existing.KEEP))
                    .as(bad)
                    .isInstanceOf(FaultException.class)
                    .hasMessageContaining("b.json");
        }
        assertThat(files.unload()).isZero();
    }

    @Test
    void theStandardOnesComeBack() {
        assertThat(files.loadStandard(Existing.KEEP)).hasSize(33).doesNotContainValue(Result.KEPT);
        assertThat(files.unload()).isEqualTo(33);
        assertThat(files.loadStandard(Existing.KEEP)).hasSize(33).doesNotContainValue(Result.KEPT);
    }
}
