package io.nacre.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nacre.base.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A guest without a cloud: an overlay on the cached image and the very QEMU that Nacre starts, in a folder of its own and
 * with a network card that leads nowhere.
 *
 * @param qemu its command line
 * @param image what the overlay lies over
 */
record Bare(Path folder, List<String> qemu, Path image) {
    private static final String DISK = "1G";

    /** As the running guest of this server, which has the flavor {@link Nacre#furnish} makes. */
    static Bare of(String server, Path folder) throws IOException {
        List<String> running;
        try (Stream<ProcessHandle> processes = ProcessHandle.allProcesses()) {
            running = processes
                    .filter(process ->
                            process.isAlive() && process.info().command().isPresent())
                    .map(process -> Processes.commandLine(process.pid()))
                    .filter(words -> words.getFirst().startsWith("qemu-system") && words.contains(server))
                    .findFirst()
                    .orElseThrow();
        }
        Path pidFile = Path.of(running.get(running.indexOf("-pidfile") + 1));
        String theirs = pidFile.resolveSibling("").toString();
        Files.createDirectories(folder);
        List<String> words = running.stream()
                .map(word -> word.replace(theirs, folder.toString()))
                .map(word -> word.startsWith("type=tap,") ? "type=user,restrict=on," + word.split(",")[1] : word)
                .toList();
        Path image = running.stream()
                .filter(word -> word.startsWith("{") && word.contains("\"backing\":{"))
                .map(word -> Json.read(word, JsonNode.class)
                        .at("/backing/file/filename")
                        .asString())
                .map(Path::of)
                .findFirst()
                .orElseThrow();
        return new Bare(folder, words, image);
    }

    /** Milliseconds until it runs; then it is ended. */
    double start() throws IOException, InterruptedException {
        long began = System.nanoTime();
        run(List.of("qemu-img", "create", "-q", "-f", "qcow2", "-b", image.toString(), "-F", "qcow2", disk(), DISK));
        Process process = new ProcessBuilder(qemu)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
        try {
            awaitRunning(process);
            return (System.nanoTime() - began) / 1e6;
        } finally {
            process.destroyForcibly().waitFor();
            Files.deleteIfExists(folder.resolve("qmp"));
        }
    }

    private String disk() {
        return folder.resolve("disk.qcow2").toString();
    }

    private void awaitRunning(Process process) throws IOException {
        try (SocketChannel channel = connect(process)) {
            BufferedReader answers = new BufferedReader(Channels.newReader(channel, UTF_8));
            answers.readLine();
            command(channel, answers, "qmp_capabilities");
            command(channel, answers, "cont");
            while (!command(channel, answers, "query-status")
                    .at("/return/status")
                    .asString()
                    .equals("running")) {
                Nacre.pause(1);
            }
        }
    }

    private SocketChannel connect(Process process) throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("qmp"));
        while (true) {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(address);
                return channel;
            } catch (IOException e) {
                channel.close();
                if (!process.isAlive()) {
                    throw new UncheckedIOException(Files.readString(folder.resolve("output")), e);
                }
                Nacre.pause(1);
            }
        }
    }

    private static JsonNode command(SocketChannel channel, BufferedReader answers, String name) throws IOException {
        channel.write(ByteBuffer.wrap(("{\"execute\":\"" + name + "\"}\n").getBytes(UTF_8)));
        while (true) {
            JsonNode answer = Json.read(answers.readLine(), JsonNode.class);
            if (!answer.has("event")) {
                return answer;
            }
        }
    }

    private static void run(List<String> words) throws IOException, InterruptedException {
        int status = new ProcessBuilder(words).inheritIO().start().waitFor();
        if (status != 0) {
            throw new IllegalStateException(words + " ended with " + status);
        }
    }
}
