package io.nacre.glance.convert;

import io.nacre.base.Packaged;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place where a program sees only its input and its output: namespaces of its own without network, a root with nothing
 * in it but the program and its libraries, no capabilities, an environment with nothing of ours, and limits.
 */
final class Confinement {
    private static final List<String> NAMESPACES = List.of(
            "/usr/bin/unshare",
            "--mount",
            "--net",
            "--pid",
            "--ipc",
            "--uts",
            "--fork",
            "--kill-child=KILL",
            "--propagation",
            "private",
            "--");
    private static final String SETPRIV = "/usr/bin/setpriv";
    private static final Pattern LIBRARY = Pattern.compile("(?m)(?:=> |^\\s+)(/\\S+) \\(0x");
    private static final int MOST_FILES = 64;

    /**
     * Without it each thread reserves 64 MiB of address space for what it allocates, and a program with many of them
     * now and then gets beyond the limit of its memory, which it never fills.
     */
    private static final Map<String, String> ENVIRONMENT = Map.of("MALLOC_ARENA_MAX", "1");

    private final List<String> before;
    private final Path program;
    private final SortedSet<String> needed;

    /**
     * What one run may use.
     *
     * @param memory bytes of address space
     * @param cpuSeconds of processor
     * @param output bytes that a file may have
     */
    record Limits(long memory, long cpuSeconds, long output) {}

    private Confinement(List<String> before, Path program, SortedSet<String> needed) {
        this.before = before;
        this.program = program;
        this.needed = needed;
    }

    /** @param before a command that runs all the others, for tests */
    static Confinement of(Path program, List<String> before) throws IOException {
        SortedSet<String> needed = new TreeSet<>(List.of(program.toString(), SETPRIV));
        for (String one : List.of(program.toString(), SETPRIV)) {
            Matcher library = LIBRARY.matcher(output("/usr/bin/ldd", one));
            while (library.find()) {
                needed.add(library.group(1));
            }
        }
        return new Confinement(before, program, needed);
    }

    private static String output(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /**
     * Starts the program. Its standard input must stay open until it has ended.
     *
     * @param root an empty folder
     * @param in what it sees as /in
     * @param out what it sees as /out, and may change
     */
    Process start(Path root, Path in, Path out, Limits limits, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                "/usr/bin/prlimit",
                "--as=" + limits.memory(),
                "--cpu=" + limits.cpuSeconds(),
                "--fsize=" + limits.output(),
                "--nofile=" + MOST_FILES,
                "--core=0",
                "--"));
        command.addAll(NAMESPACES);
        command.addAll(List.of("/bin/sh", "-c", Packaged.text(Confinement.class, "confine.sh"), "confine"));
        command.addAll(List.of(root.toString(), in.toString(), out.toString()));
        command.addAll(needed);
        command.add("--");
        command.add(program.toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(ENVIRONMENT);
        builder.directory(root.toFile());
        return builder.start();
    }
}
