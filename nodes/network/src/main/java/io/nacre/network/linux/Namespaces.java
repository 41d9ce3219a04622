package io.nacre.network.linux;

import io.nacre.base.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

/** Named network namespaces, as {@code ip netns} keeps them. */
final class Namespaces {
    private static final Path FOLDER = Path.of("/run/netns");

    private final Tools tools;

    Namespaces(Tools tools) {
        this.tools = tools;
    }

    boolean exists(String name) {
        return Files.exists(FOLDER.resolve(name));
    }

    /** Makes it when it is missing; true when it was made just now. */
    boolean ensure(String name) {
        if (exists(name)) {
            return false;
        }
        tools.run(null, "ip", "netns", "add", name);
        return true;
    }

    /** The kernel takes its devices away some time later, and only when no process or socket is left in it. */
    void delete(String name) {
        if (exists(name)) {
            tools.run(null, "ip", "netns", "del", name);
        }
    }

    List<String> list(String prefix) {
        if (!Files.isDirectory(FOLDER)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(prefix))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The processes whose network is this namespace. */
    List<Long> processes(String name) {
        return tools.run(null, "ip", "netns", "pids", name)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .map(Long::valueOf)
                .toList();
    }

    /**
     * Runs the body in the namespace, on a thread of its own that ends with it: a namespace belongs to a kernel
     * thread, so no pooled or carrier thread may ever be moved. What the body opened stays in the namespace.
     */
    static <T> T in(String name, Callable<T> body) {
        FutureTask<T> task = new FutureTask<>(() -> {
            enter(name);
            return body.call();
        });
        Thread.ofPlatform().name("in " + name).daemon().start(task);
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw Fault.internal("Something failed in a network namespace of this host.")
                    .because(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.unavailable("The command was interrupted.").because(e);
        }
    }

    /** Moves the calling thread for good. */
    static void enter(String name) throws IOException {
        int descriptor = Libc.open(FOLDER.resolve(name).toString());
        try {
            Libc.setns(descriptor, Libc.CLONE_NEWNET);
        } finally {
            Libc.close(descriptor);
        }
    }

    /** Sets kernel parameters below /proc/sys/net, given as {@code ipv4/ip_forward=1}. */
    static void sysctl(String namespace, List<String> settings) {
        in(namespace, () -> {
            for (String setting : settings) {
                int equals = setting.indexOf('=');
                Files.writeString(
                        Path.of("/proc/sys/net", setting.substring(0, equals)), setting.substring(equals + 1));
            }
            return settings;
        });
    }
}
