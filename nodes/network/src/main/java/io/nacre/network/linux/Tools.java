package io.nacre.network.linux;

import io.nacre.base.Fault;
import io.nacre.base.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** Runs the distribution's network tools. What they complain about goes to the log, not to the caller. */
final class Tools {
    private static final Logger LOG = LoggerFactory.getLogger(Tools.class);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final List<Path> folders;
    private final Map<String, Path> found = new ConcurrentHashMap<>();

    /** Administration tools are looked for in the sbin folders even when PATH lacks them. */
    Tools() {
        this(Stream.of((Optional.ofNullable(System.getenv("PATH")).orElse("") + ":/usr/sbin:/sbin:/usr/bin:/bin")
                        .split(":"))
                .filter(folder -> !folder.isEmpty())
                .map(Path::of)
                .toList());
    }

    Tools(List<Path> folders) {
        this.folders = folders;
    }

    /** What a program left behind: its status and what it wrote to the two streams. */
    record Output(int exit, String out, String err) {}

    /** Where a program is. */
    Optional<Path> find(String name) {
        Path known = found.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<Path> tool = folders.stream()
                .map(folder -> folder.resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
        tool.ifPresent(file -> found.put(name, file));
        return tool;
    }

    /** Runs to the end, whatever its exit status. */
    Output attempt(@Nullable String input, List<String> command) {
        Path tool = find(command.getFirst())
                .orElseThrow(() -> Fault.unavailable("The program " + command.getFirst() + " is not installed."));
        List<String> line = new ArrayList<>(command);
        line.set(0, tool.toString());
        try {
            ProcessBuilder builder = new ProcessBuilder(line);
            builder.environment().put("LC_ALL", "C");
            return talk(builder.start(), input);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.unavailable("The host's network was not changed: the command was interrupted.")
                    .because(e);
        }
    }

    private static Output talk(Process process, @Nullable String input) throws InterruptedException {
        Thread.ofVirtual().start(() -> {
            try {
                if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
            }
        });
        var errors = new FutureTask<>(() -> text(process.getErrorStream()));
        Thread.ofVirtual().start(errors);
        var feeding = new FutureTask<>(() -> feed(process.getOutputStream(), input));
        Thread.ofVirtual().start(feeding);
        try {
            String out = text(process.getInputStream());
            return new Output(process.waitFor(), out, errors.get());
        } catch (ExecutionException | IOException e) {
            process.destroyForcibly();
            throw Fault.internal("A network tool of this host could not be talked to.")
                    .because(e);
        }
    }

    private static boolean feed(OutputStream to, @Nullable String input) {
        try (to) {
            if (input != null) {
                to.write(input.getBytes(StandardCharsets.UTF_8));
            }
            return true;
        } catch (IOException e) {
            // It ended before it had read everything; its exit status tells why.
            return false;
        }
    }

    private static String text(InputStream from) throws IOException {
        return new String(from.readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Runs a command that has to succeed, and returns what it printed. */
    String run(@Nullable String input, String... command) {
        Output output = attempt(input, List.of(command));
        if (output.exit() != 0) {
            throw failed(String.join(" ", command), input, output.err());
        }
        return output.out();
    }

    static RuntimeException failed(String what, @Nullable String input, String complaint) {
        LOG.error("{} failed: {}\n{}", what, complaint.strip(), input == null ? "" : input.strip());
        return Fault.internal("A network tool of this host failed; the agent's log says why.")
                .because(new IllegalStateException(what + ": " + complaint.strip()));
    }

    /** Runs lines of {@code ip}, one after the other, up to the first that fails. */
    void ip(@Nullable String namespace, List<String> lines) {
        batch("ip", namespace, lines);
    }

    /** Runs lines of {@code bridge}, one after the other, up to the first that fails. */
    void bridge(@Nullable String namespace, List<String> lines) {
        batch("bridge", namespace, lines);
    }

    private void batch(String tool, @Nullable String namespace, List<String> lines) {
        if (lines.isEmpty()) {
            return;
        }
        String input = String.join("\n", lines) + "\n";
        if (namespace == null) {
            run(input, tool, "-batch", "-");
        } else {
            run(input, tool, "-n", namespace, "-batch", "-");
        }
    }

    /** What {@code ip -n NAMESPACE -j ...} lists; empty when it says that there is no such thing. */
    List<JsonNode> list(String tool, String namespace, String... what) {
        List<String> command = new ArrayList<>(List.of(tool, "-n", namespace, "-j", "-d"));
        command.addAll(List.of(what));
        Output output = attempt(null, command);
        if (output.exit() != 0) {
            if (output.err().contains("does not exist") || output.err().contains("Cannot find device")) {
                return List.of();
            }
            throw failed(String.join(" ", command), null, output.err());
        }
        if (output.out().isBlank()) {
            return List.of();
        }
        JsonNode list = Json.read(output.out(), JsonNode.class);
        // ip prints an empty object in place of what a filter left out.
        return list.valueStream().filter(node -> !node.isEmpty()).toList();
    }
}
