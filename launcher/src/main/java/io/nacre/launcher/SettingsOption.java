package io.nacre.launcher;

import io.nacre.config.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where settings come from: the file, then the environment, then the command. */
final class SettingsOption {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings in TOML (default: nacre.toml in the state directory).")
    private @Nullable Path config;

    @Option(
            names = {"-o", "--option"},
            paramLabel = "SECTION.KEY=VALUE",
            description = "One setting, above the file.")
    private List<String> options = new ArrayList<>();

    Settings read(Path stateDirectory) {
        Settings settings = new Settings();
        Path file = config != null ? config : stateDirectory.resolve("nacre.toml");
        if (config != null || Files.exists(file)) {
            settings.file(file);
        }
        settings.environment(System.getenv());
        options.forEach(settings::override);
        return settings;
    }

    /** The same for another process. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        if (config != null) {
            arguments.addAll(List.of("--config", config.toAbsolutePath().toString()));
        }
        options.forEach(option -> arguments.addAll(List.of("-o", option)));
        return arguments;
    }
}
