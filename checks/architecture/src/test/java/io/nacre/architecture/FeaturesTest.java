package io.nacre.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The inventory of what works says what shows it. */
class FeaturesTest {
    private static final Pattern CLASS = Pattern.compile("\\b[A-Z]\\w*Test\\b");

    @Test
    void itNamesOnlyTestsThatThereAre() throws IOException {
        Set<String> named = CLASS.matcher(Files.readString(Sources.root().resolve("docs/FEATURES.md")))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toSet());
        assertThat(named).isNotEmpty();
        assertThat(tests()).containsAll(named);
    }

    private static Set<String> tests() throws IOException {
        try (Stream<Path> files = Files.walk(Sources.root())) {
            return files.filter(file -> file.toString().contains("src/test/java"))
                    .map(file -> file.getFileName().toString().replace(".java", ""))
                    .collect(Collectors.toSet());
        }
    }
}
