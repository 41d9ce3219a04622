package io.nacre.bus;

import io.nacre.base.Ids;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A server in a process of its own, which says what reaches it, never ends its work, and can be killed. */
final class OtherProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;

    OtherProcess(int brokerPort, String address) throws IOException {
        process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OtherProcess.class.getName(),
                        Integer.toString(brokerPort),
                        address))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        output = process.inputReader(StandardCharsets.UTF_8);
        await("ready");
    }

    /** Reads its output up to the line. */
    void await(String wanted) throws IOException {
        String line = output.readLine();
        while (line != null && !line.equals(wanted)) {
            line = output.readLine();
        }
        if (line == null) {
            throw new IllegalStateException("it has ended without saying " + wanted);
        }
    }

    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        kill();
    }

    public static void main(String[] arguments) throws InterruptedException {
        RabbitBus bus = new RabbitBus(RabbitBusTest.config(Integer.parseInt(arguments[0])), Ids.secure());
        bus.serve(arguments[1], (method, argument) -> {
            say(method);
            try {
                Thread.sleep(Long.MAX_VALUE);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return argument;
        });
        say("ready");
        Thread.sleep(Long.MAX_VALUE);
    }

    private static synchronized void say(String text) {
        System.out.println(text);
    }
}
