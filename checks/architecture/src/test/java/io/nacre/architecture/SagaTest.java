package io.nacre.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nothing durable goes unswept. */
class SagaTest {

    @Test
    void everySagaHasItsSweep() {
        List<String> swept = Sources.tests().stream()
                .map(Sources::text)
                .filter(text -> text.contains("SagaSweep"))
                .toList();
        List<String> missing = new ArrayList<>();
        for (Path file : Sources.product()) {
            boolean declares = Sources.text(file).contains("Saga.named(")
                    && file.toString().contains("/services/");
            String name = file.getFileName().toString().replace(".java", "");
            if (declares && swept.stream().noneMatch(text -> text.contains(name))) {
                missing.add(name);
            }
        }
        assertThat(missing).as("sagas without a sweep").isEmpty();
    }
}
