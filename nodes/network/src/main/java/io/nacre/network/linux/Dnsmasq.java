package io.nacre.network.linux;

import io.nacre.network.Cidr;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One dnsmasq process in its namespace. It is no child of the agent: it serves on while the agent is away, and is
 * found again by the file with its number, which is believed only when the process was started with our files.
 */
final class Dnsmasq {
    private static final long LOG_LIMIT = 1 << 20;

    private final Tools tools;
    private final Namespaces namespaces;
    private final String namespace;
    private final DnsmasqFiles.Folder folder;

    Dnsmasq(Host host, String namespace, DnsmasqFiles.Folder folder) {
        this.tools = host.tools();
        this.namespaces = host.namespaces();
        this.namespace = namespace;
        this.folder = folder;
    }

    /** The live process that serves from this folder. */
    Optional<ProcessHandle> process() {
        try {
            long pid = Long.parseLong(Files.readString(folder.pid()).strip());
            return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::isOurs);
        } catch (NumberFormatException | NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isOurs(ProcessHandle process) {
        try {
            byte[] line = Files.readAllBytes(Path.of("/proc", String.valueOf(process.pid()), "cmdline"));
            List<String> arguments = List.of(new String(line, StandardCharsets.UTF_8).split("\0"));
            return arguments.contains(argument());
        } catch (IOException e) {
            // It ended while we looked.
            return false;
        }
    }

    private String argument() {
        return "--conf-file=" + folder.config();
    }

    /** Makes the process serve this, with the least disturbance that does it. */
    void serve(DnsmasqFiles wanted) {
        try {
            prepare();
            // Left by an agent that ended in between: what its files say may not have reached the process.
            boolean restart = Files.exists(folder.unfinished());
            Files.writeString(folder.unfinished(), "");
            restart |= replace(folder.config(), wanted.config());
            boolean reread = replace(folder.options(), wanted.options());
            Map<String, String> before = content(folder.hosts());
            reread |= replaceAll(folder.hosts(), before, wanted.hosts());
            reread |= replaceAll(folder.names(), content(folder.names()), wanted.names());
            Map<String, String> lent = readOwners();
            Map<String, String> owners = owners(wanted.hosts());
            restart |= (reread && diesOfRereading(before)) || changesHands(lent, owners);
            Optional<ProcessHandle> running = process();
            if (running.isEmpty() || restart) {
                stop();
                keepLeases(lent, owners);
                writeOwners(owners);
                start();
            } else {
                lent.putAll(owners);
                writeOwners(lent);
                if (reread) {
                    Libc.kill(Math.toIntExact(running.get().pid()), Libc.SIGHUP);
                }
            }
            Files.delete(folder.unfinished());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Forgets everything, once the process has ended. */
    void deleteFiles() {
        deleteTree(folder.path());
    }

    static void deleteTree(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A guest that asks in vain writes a line each time; the log must not fill the memory that /run is made of. */
    void trimLog() {
        try {
            if (Files.exists(folder.log()) && Files.size(folder.log()) > LOG_LIMIT) {
                Files.write(folder.log(), new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * dnsmasq 2.86 to 2.90 frees memory twice, and aborts, when it reads its hosts again after one with a tag has
     * asked for its address (https://github.com/imp/dnsmasq/pull/20).
     */
    private static boolean diesOfRereading(Map<String, String> hosts) {
        return hosts.values().stream().anyMatch(lines -> lines.contains(",set:"));
    }

    private void prepare() throws IOException {
        var forAll = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"));
        for (Path path : List.of(folder.path(), folder.hosts(), folder.names())) {
            Files.createDirectories(path, forAll);
        }
    }

    /** Ends those of its kind in the namespace, which is ours alone, whose file was lost. */
    void stopLost() {
        try {
            for (long pid : namespaces.processes(namespace)) {
                Path name = Path.of("/proc", String.valueOf(pid), "comm");
                if (Files.exists(name) && Files.readString(name).strip().equals("dnsmasq")) {
                    Libc.kill(Math.toIntExact(pid), Libc.SIGKILL);
                    awaitEnd(pid, 200);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void start() {
        stopLost();
        String program = tools.find("dnsmasq").map(Path::toString).orElse("dnsmasq");
        tools.run(null, "ip", "netns", "exec", namespace, program, argument());
    }

    /** Ends the process and waits until its sockets are free; one that does not go in time is killed. */
    void stop() {
        process().ifPresent(process -> {
            process.destroy();
            if (!awaitEnd(process.pid(), 200)) {
                process.destroyForcibly();
                awaitEnd(process.pid(), 200);
            }
        });
    }

    private static boolean awaitEnd(long pid, int hundredths) {
        for (int i = 0; i < hundredths; i++) {
            if (hasEnded(pid)) {
                return true;
            }
            pause();
        }
        return hasEnded(pid);
    }

    /** The process is no child: once it has ended it may stay in the table, as a zombie, until init collects it. */
    private static boolean hasEnded(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
            return "ZX".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) >= 0;
        } catch (IOException e) {
            return true;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * True when an address goes to another port than one it may be lent to. dnsmasq keeps it for the old owner until
     * the lease runs out, even when that owner is gone. Its own file of leases cannot be asked while it runs, for it
     * is rewritten in place.
     */
    private static boolean changesHands(Map<String, String> lent, Map<String, String> owners) {
        return owners.entrySet().stream()
                .anyMatch(entry -> !entry.getValue().equals(lent.getOrDefault(entry.getKey(), entry.getValue())));
    }

    /** Drops the leases of all but those who own the address now; a lease of IPv6 does not tell whose it was. */
    private void keepLeases(Map<String, String> lent, Map<String, String> owners) throws IOException {
        if (!Files.exists(folder.leases())) {
            return;
        }
        List<String> kept = Files.readAllLines(folder.leases()).stream()
                .filter(line -> {
                    String[] field = line.split(" ");
                    if (field.length < 4) {
                        return true;
                    }
                    String address = Cidr.parse(field[2]).host();
                    String lentTo = field[1].indexOf(':') > 0 ? field[1] : lent.get(address);
                    return lentTo != null && lentTo.equals(owners.get(address));
                })
                .toList();
        Files.write(folder.leases(), kept);
    }

    /** Every address the running process was ever told of, with the hardware address it was told last. */
    private Map<String, String> readOwners() throws IOException {
        Map<String, String> owners = new TreeMap<>();
        if (Files.exists(folder.owners())) {
            for (String line : Files.readAllLines(folder.owners())) {
                int space = line.indexOf(' ');
                owners.put(line.substring(0, space), line.substring(space + 1));
            }
        }
        return owners;
    }

    private void writeOwners(Map<String, String> owners) throws IOException {
        StringBuilder text = new StringBuilder();
        owners.forEach(
                (address, mac) -> text.append(address).append(' ').append(mac).append('\n'));
        replace(folder.owners(), text.toString());
    }

    /** Hardware address by address. */
    private static Map<String, String> owners(Map<String, String> hosts) {
        Map<String, String> owners = new TreeMap<>();
        hosts.values().stream().flatMap(String::lines).forEach(line -> {
            String[] field = line.split(",");
            String address = field[field.length - 1].replaceAll("[\\[\\]]", "");
            owners.put(address, field[0]);
        });
        return owners;
    }

    private static Map<String, String> content(Path directory) throws IOException {
        Map<String, String> content = new HashMap<>();
        List<Path> files = new ArrayList<>();
        try (Stream<Path> list = Files.list(directory)) {
            list.forEach(files::add);
        }
        for (Path file : files) {
            String name = file.getFileName().toString();
            if (!name.startsWith(".")) {
                content.put(name, Files.readString(file));
            }
        }
        return content;
    }

    /** True when something changed that the process does not notice by itself: all but new files. */
    private static boolean replaceAll(Path directory, Map<String, String> before, Map<String, String> wanted)
            throws IOException {
        boolean changed = false;
        for (Map.Entry<String, String> file : wanted.entrySet()) {
            String old = before.get(file.getKey());
            if (!file.getValue().equals(old)) {
                changed |= old != null;
                replace(directory.resolve(file.getKey()), file.getValue());
            }
        }
        for (String name : before.keySet()) {
            if (!wanted.containsKey(name)) {
                Files.delete(directory.resolve(name));
                changed = true;
            }
        }
        return changed;
    }

    private static boolean replace(Path file, String content) throws IOException {
        if (Files.exists(file) && Files.readString(file).equals(content)) {
            return false;
        }
        // dnsmasq overlooks names that begin with a dot, and notices what is renamed.
        Path draft = file.resolveSibling("." + file.getFileName());
        Files.writeString(draft, content);
        Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        return true;
    }
}
