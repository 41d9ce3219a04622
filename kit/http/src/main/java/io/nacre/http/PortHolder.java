package io.nacre.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The process that has a TCP port of this host, as far as /proc tells: the kernel's table of sockets leads from the
 * port to an inode, the open files of the processes from there to one of them.
 */
record PortHolder(long pid, String command) {
    private static final Path PROC = Path.of("/proc");
    private static final String LISTENING = "0A";
    private static final int LONGEST_COMMAND = 120;

    /** A socket in the kernel's table; sockets of ended connections have inode 0. */
    private record Socket(int port, boolean listens, String inode) {
        /** A line is: number, local address:port, remote address:port, state, ... and in the tenth place the inode. */
        static @Nullable Socket parse(String line) {
            String[] fields = line.strip().split("\\s+", 11);
            int colon = fields.length < 10 ? -1 : fields[1].indexOf(':');
            return colon < 0
                    ? null
                    : new Socket(
                            Integer.parseInt(fields[1].substring(colon + 1), 16),
                            fields[3].equals(LISTENING),
                            fields[9]);
        }
    }

    static Optional<PortHolder> find(int port) {
        List<Socket> sockets = Stream.of("tcp", "tcp6")
                .flatMap(table -> sockets(PROC.resolve("net").resolve(table)))
                .filter(socket -> socket.port() == port && !socket.inode().equals("0"))
                .sorted(Comparator.comparing(socket -> !socket.listens()))
                .toList();
        return sockets.stream()
                .map(socket -> owner("socket:[" + socket.inode() + "]"))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Stream<Socket> sockets(Path table) {
        try {
            return Files.readAllLines(table).stream().skip(1).map(Socket::parse).flatMap(Stream::ofNullable);
        } catch (IOException e) {
            // A host without /proc or without IPv6: nothing is known.
            return Stream.empty();
        }
    }

    private static Optional<PortHolder> owner(String socket) {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process, socket)) {
                    return Optional.of(
                            new PortHolder(Long.parseLong(process.getFileName().toString()), command(process)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Optional.empty();
    }

    private static boolean holds(Path process, String socket) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                if (isLinkTo(file, socket)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            // It has ended by now, or is not ours to look into.
            return false;
        }
    }

    private static boolean isLinkTo(Path file, String target) {
        try {
            return Files.readSymbolicLink(file).toString().equals(target);
        } catch (IOException e) {
            // Closed by now.
            return false;
        }
    }

    private static String command(Path process) throws IOException {
        String words = new String(Files.readAllBytes(process.resolve("cmdline")), StandardCharsets.UTF_8)
                .replace('\0', ' ')
                .strip();
        return words.length() > LONGEST_COMMAND ? words.substring(0, LONGEST_COMMAND) + "..." : words;
    }

    @Override
    public String toString() {
        return "process " + pid + " (" + command + ")";
    }
}
