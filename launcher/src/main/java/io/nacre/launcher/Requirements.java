package io.nacre.launcher;

import io.nacre.base.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** Programs a node needs, each with the Debian package that brings it. */
record Requirements(List<Tool> tools) {

    /** @param paths where it may be; one of them is enough */
    record Tool(List<String> paths, String debianPackage) {
        boolean isThere() {
            return paths.stream().anyMatch(path -> Files.exists(Path.of(path)));
        }
    }

    private static Tool program(String name, String debianPackage) {
        return new Tool(
                List.of(
                        "/usr/bin/" + name,
                        "/usr/sbin/" + name,
                        "/bin/" + name,
                        "/sbin/" + name,
                        "/usr/local/bin/" + name),
                debianPackage);
    }

    /** What the QEMU driver needs. */
    static final List<Tool> GUESTS = List.of(
            program("qemu-system-x86_64", "qemu-system-x86"),
            program("qemu-img", "qemu-utils"),
            program("genisoimage", "genisoimage"));

    /** What the linux network driver needs. */
    static final List<Tool> NETWORKS =
            List.of(program("ip", "iproute2"), program("nft", "nftables"), program("dnsmasq", "dnsmasq-base"));

    TreeSet<String> missingPackages() {
        TreeSet<String> missing = new TreeSet<>();
        tools.stream().filter(tool -> !tool.isThere()).forEach(tool -> missing.add(tool.debianPackage()));
        return missing;
    }

    /** Names what is missing with the command that installs it, or runs that command. */
    void ensure(boolean install) {
        TreeSet<String> missing = missingPackages();
        if (missing.isEmpty()) {
            return;
        }
        String command = "apt-get install --no-install-recommends " + String.join(" ", missing);
        if (!install) {
            throw Fault.unavailable(
                    "These packages are missing: " + String.join(", ", missing) + "\n  install them with:  " + command
                            + "\n  or let Nacre do it:  " + StateOption.program() + " up --install");
        }
        System.out.println("Installing " + String.join(", ", missing));
        run(List.of("apt-get", "update", "-q"));
        run(List.of("sh", "-c", "DEBIAN_FRONTEND=noninteractive " + command.replace("install", "install -y -q")));
    }

    private static void run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).inheritIO().start();
            if (!process.waitFor(20, TimeUnit.MINUTES) || process.exitValue() != 0) {
                process.destroy();
                throw Fault.unavailable("The command failed: " + String.join(" ", command));
            }
        } catch (IOException e) {
            throw Fault.unavailable("The command cannot be run: " + String.join(" ", command))
                    .because(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.unavailable("Interrupted.").because(e);
        }
    }
}
