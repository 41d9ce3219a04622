package io.nacre.network.linux;

import io.nacre.contracts.node.NetworkNode.PortSpec;
import io.nacre.network.DeviceNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A network namespace that plays a virtual machine with one card, eth0. */
final class Guest implements AutoCloseable {
    private static final String LEASE_SCRIPT = """
            #!/bin/sh
            case "$1" in
            bound|renew)
              env > "$LEASE_FILE"
              ip addr flush dev $interface scope global
              ip addr add $ip/$mask dev $interface
              [ -z "$mtu" ] || ip link set dev $interface mtu $mtu
              if [ -n "$staticroutes" ]; then
                set -- $staticroutes
                while [ -n "$1" ]; do
                  if [ "$2" = 0.0.0.0 ]; then ip route replace $1 dev $interface
                  else ip route replace $1 via $2 dev $interface; fi
                  shift 2
                done
              elif [ -n "$router" ]; then
                ip route replace default via $router dev $interface
              fi
              ;;
            esac
            """;

    private final Tools tools;
    private final String namespace;
    private final Path directory;
    private final List<Process> processes = new ArrayList<>();

    /** Takes the port's other end out of the data plane. */
    Guest(Tools tools, String dataPlane, PortSpec port, Path directory) {
        this.tools = tools;
        this.directory = directory;
        this.namespace = "nwt" + ProcessHandle.current().pid() + "-" + port.id().substring(0, 8);
        tools.run(null, "ip", "netns", "add", namespace);
        String end = DeviceNames.guestEnd(port.id());
        tools.run(null, "ip", "-n", dataPlane, "link", "set", "dev", end, "netns", namespace, "name", "eth0");
        Namespaces.sysctl(namespace, List.of("ipv6/conf/all/accept_dad=0", "ipv6/conf/eth0/accept_dad=0"));
        ip("link set dev lo up", "link set dev eth0 up");
    }

    String namespace() {
        return namespace;
    }

    void ip(String... lines) {
        tools.ip(namespace, List.of(lines));
    }

    Tools.Output attempt(String... command) {
        List<String> line = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        line.addAll(List.of(command));
        return tools.attempt(null, line);
    }

    /** Asks for an address by DHCP for at most this long; what came with it, by udhcpc's names, or empty. */
    Map<String, String> lease(Duration limit) throws Exception {
        Path script = directory.resolve("lease.sh");
        Path answer = directory.resolve("lease-" + namespace);
        Files.writeString(script, LEASE_SCRIPT);
        script.toFile().setExecutable(true);
        Files.deleteIfExists(answer);
        String tries = String.valueOf(Math.max(1, limit.toSeconds()));
        attempt(
                "env",
                "LEASE_FILE=" + answer,
                "busybox",
                "udhcpc",
                "-i",
                "eth0",
                "-n",
                "-q",
                "-f",
                "-t",
                tries,
                "-T",
                "1",
                "-O",
                "mtu",
                "-O",
                "staticroutes",
                "-O",
                "121",
                "-O",
                "dns",
                "-O",
                "domain",
                "-O",
                "hostname",
                "-O",
                "tftp",
                "-s",
                script.toString());
        if (!Files.exists(answer)) {
            return Map.of();
        }
        return Files.readAllLines(answer).stream()
                .filter(line -> line.indexOf('=') > 0)
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf('=')),
                        line -> line.substring(line.indexOf('=') + 1),
                        (a, b) -> b,
                        TreeMap::new));
    }

    /** Sets what DHCP would have. */
    void address(String withPrefix) {
        String nodad = withPrefix.indexOf(':') >= 0 ? " nodad" : "";
        ip("address add " + withPrefix + " dev eth0" + nodad);
    }

    boolean pings(String address) {
        return attempt("busybox", "ping", "-c", "1", "-W", "1", address).exit() == 0;
    }

    boolean pings(String address, String source) {
        return attempt("busybox", "ping", "-c", "1", "-W", "1", "-I", source, address)
                        .exit()
                == 0;
    }

    boolean reaches(String address, String source) {
        for (int i = 0; i < 5; i++) {
            if (pings(address, source)) {
                return true;
            }
        }
        return false;
    }

    /** Pings until it is answered; the first packets may meet a bridge that is still learning. */
    boolean reaches(String address) {
        for (int i = 0; i < 10; i++) {
            if (pings(address)) {
                return true;
            }
        }
        return false;
    }

    /** Serves a greeting at a TCP port until the guest is closed. */
    void listen(int port) throws Exception {
        run(port, "nc", "-ll", "-p", String.valueOf(port), "-e", "busybox", "echo", "hello");
    }

    private void run(int port, String... applet) throws Exception {
        List<String> line = new ArrayList<>(List.of("ip", "netns", "exec", namespace, "busybox"));
        line.addAll(List.of(applet));
        processes.add(new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start());
        // State 0A is LISTEN; busybox takes a socket of IPv6 for both.
        Pattern listening = Pattern.compile(String.format(":%04X \\S+ 0A ", port));
        Wait.until(
                "port " + port + " listens",
                () -> listening
                        .matcher(attempt("cat", "/proc/net/tcp", "/proc/net/tcp6")
                                .out())
                        .find());
    }

    /** Asks fifteen times, five times a second, as one connection; the answers are in the file, see {@link #answers}. */
    Process stream(String address, Path seen) throws IOException {
        return new ProcessBuilder(
                        "ip", "netns", "exec", namespace, "busybox", "ping", "-c", "15", "-i", "0.2", "-W", "1",
                        address)
                .redirectOutput(seen.toFile())
                .start();
    }

    static long answers(Path seen) throws IOException {
        return Files.readAllLines(seen).stream()
                .filter(line -> line.contains("seq="))
                .count();
    }

    /** Serves HTTP at port 80, where /cgi-bin/caller tells a caller the address it is seen with. */
    void serve() throws Exception {
        Path script = directory.resolve("www/cgi-bin/caller");
        Files.createDirectories(script.getParent());
        // Behind a socket of IPv6 the address stands as [::ffff:1.2.3.4].
        String caller = "#!/bin/sh\necho\necho \"$REMOTE_ADDR\" | tr -d '[]' | sed 's/^::ffff://'\n";
        Files.writeString(script, caller);
        script.toFile().setExecutable(true);
        run(80, "httpd", "-f", "-p", "80", "-h", directory.resolve("www").toString());
    }

    /** The address that the server at this address sees this guest with, or empty. */
    String seenBy(String server) {
        return get("http://" + server + "/cgi-bin/caller").strip();
    }

    boolean connects(String address, int port) {
        Tools.Output output = attempt("timeout", "2", "busybox", "nc", "-w", "1", address, String.valueOf(port));
        return output.out().contains("hello");
    }

    String get(String url) {
        return attempt("timeout", "5", "busybox", "wget", "-q", "-O", "-", url).out();
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        tools.run(null, "ip", "netns", "del", namespace);
    }
}
