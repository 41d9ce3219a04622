package io.nacre.launcher.demo;

import io.nacre.base.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A way into a guest: from the namespace of its network's DHCP service, with a key made for it. */
record Ssh(String namespace, Path key, String address) {

    /** The public half of the key in the file, which is made when it is not there. */
    static String publicKey(Path key) throws IOException {
        if (!Files.exists(key)) {
            run(
                    List.of(
                            "ssh-keygen",
                            "-q",
                            "-t",
                            "rsa",
                            "-b",
                            "2048",
                            "-N",
                            "",
                            "-C",
                            DemoCloud.NAME,
                            "-f",
                            key.toString()),
                    60);
        }
        return Files.readString(key.resolveSibling(key.getFileName() + ".pub")).strip();
    }

    /** What a person types to log in. */
    String command() {
        return "ip netns exec " + namespace + " ssh -i " + key
                + " -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null cirros@" + address;
    }

    /** Whether a login works now. */
    boolean answers() {
        List<String> command = new ArrayList<>(List.of(command().split(" ")));
        command.addAll(
                command.indexOf("-i"),
                List.of("-o", "BatchMode=yes", "-o", "ConnectTimeout=3", "-o", "LogLevel=ERROR"));
        command.add("true");
        return run(command, 20) == 0;
    }

    private static int run(List<String> command, int seconds) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return -1;
            }
            return process.exitValue();
        } catch (IOException e) {
            throw Fault.unavailable("Cannot run " + command.getFirst() + "; is openssh-client installed?")
                    .because(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.unavailable("Interrupted.").because(e);
        }
    }
}
