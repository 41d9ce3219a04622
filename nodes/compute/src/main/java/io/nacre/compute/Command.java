package io.nacre.compute;

import io.nacre.base.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A tool of the host, run to its end: with a time limit, without our environment, its output cut at {@value #LIMIT}. */
public final class Command {
    private static final int LIMIT = 256 * 1024;

    private Command() {}

    /** @param exit -1 when the time was up and the process killed */
    public record Output(int exit, String out, String err) {
        public boolean ok() {
            return exit == 0;
        }
    }

    public static Output run(Duration limit, List<String> words) {
        ProcessBuilder builder = new ProcessBuilder(words);
        environment(builder);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw Fault.internal("The host has no " + program(words) + " that can be run.")
                    .because(e);
        }
        try {
            process.getOutputStream().close();
            CompletableFuture<String> out = reader(process.getInputStream());
            CompletableFuture<String> err = reader(process.getErrorStream());
            boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
            }
            return new Output(ended ? process.exitValue() : -1, text(out), text(err));
        } catch (IOException e) {
            throw Fault.internal("The host could not run " + program(words) + ".")
                    .because(e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw Fault.unavailable("The agent is stopping.").because(e);
        }
    }

    /** Leaves a child only what tools need: nothing of ours, which may hold secrets, and messages in English. */
    public static void environment(ProcessBuilder builder) {
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        builder.environment().put("LC_ALL", "C");
    }

    private static String program(List<String> words) {
        String first = words.getFirst();
        return first.substring(first.lastIndexOf('/') + 1);
    }

    private static CompletableFuture<String> reader(InputStream in) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Thread.ofVirtual().name("command-output").start(() -> text.complete(read(in)));
        return text;
    }

    /** A grandchild may still hold the pipe after the end; nothing it has to say is worth waiting for. */
    private static String text(CompletableFuture<String> text) throws InterruptedException {
        try {
            return text.get(1, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return "";
        }
    }

    private static String read(InputStream in) {
        try (in) {
            String text = new String(in.readNBytes(LIMIT), StandardCharsets.UTF_8);
            in.skip(Long.MAX_VALUE);
            return text;
        } catch (IOException e) {
            return "";
        }
    }
}
