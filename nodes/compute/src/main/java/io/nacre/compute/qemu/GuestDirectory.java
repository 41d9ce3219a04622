package io.nacre.compute.qemu;

import io.nacre.base.Json;
import io.nacre.compute.DiskFull;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * Everything a guest has on this host, in one directory of its own.
 *
 * @param path the directory
 * @param sockets where its sockets are; another place only when the path is too long for a socket's name
 */
record GuestDirectory(Path path, Path sockets) {
    private static final Logger LOG = LoggerFactory.getLogger(GuestDirectory.class);
    private static final String RECORD = "guest.json";

    Path disk() {
        return path.resolve("disk.qcow2");
    }

    Path ephemeral() {
        return path.resolve("ephemeral.raw");
    }

    Path swap() {
        return path.resolve("swap.raw");
    }

    Path configDrive() {
        return path.resolve("config.iso");
    }

    Path consoleLog() {
        return path.resolve("console.log");
    }

    /** What QEMU itself has to say. */
    Path processLog() {
        return path.resolve("qemu.log");
    }

    /** The memory of a suspended guest; complete when it is there. */
    Path memory() {
        return path.resolve("memory");
    }

    Path pidFile() {
        return path.resolve("pid");
    }

    Path qmp() {
        return sockets.resolve("qmp");
    }

    /** A second QMP socket, since one takes one client at a time and people want to look too. */
    Path debugQmp() {
        return sockets.resolve("qmp-debug");
    }

    Path vnc() {
        return sockets.resolve("vnc");
    }

    Path serial() {
        return sockets.resolve("serial");
    }

    /** For memory on its way out of or into QEMU. */
    Path transfer() {
        return sockets.resolve("transfer");
    }

    boolean exists() {
        return Files.exists(path);
    }

    void create() {
        try {
            var secret = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
            Files.createDirectories(path.getParent());
            Files.createDirectory(path, secret);
            if (!sockets.equals(path)) {
                Files.createDirectories(sockets, secret);
            }
        } catch (IOException e) {
            throw DiskFull.fault("the guest's directory", e);
        }
    }

    /** Null when there is none that can be read: whoever wrote it did not come to an end. */
    @Nullable
    GuestRecord record() {
        try {
            return Json.read(Files.readString(path.resolve(RECORD)), GuestRecord.class);
        } catch (IOException | JacksonException e) {
            LOG.debug("No record in {}", path, e);
            return null;
        }
    }

    /** Replaces the record; after this it is on the disk, old or new, whatever happens. */
    void write(GuestRecord record) {
        Path file = path.resolve(RECORD);
        Path part = path.resolve(RECORD + ".part");
        try {
            write(part, Json.bytes(record));
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel directory = FileChannel.open(path, StandardOpenOption.READ)) {
                directory.force(true);
            }
        } catch (IOException e) {
            throw DiskFull.fault("the guest's record", e);
        }
    }

    static void write(Path file, byte[] content) throws IOException {
        try (FileChannel out = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                out.write(buffer);
            }
            out.force(true);
        }
    }

    /** Removes all of it, the record first: should this be interrupted, the rest is known as a leftover. */
    void delete() {
        try {
            Files.deleteIfExists(path.resolve(RECORD));
            for (Path top : List.of(sockets, path)) {
                if (Files.exists(top)) {
                    try (Stream<Path> tree = Files.walk(top)) {
                        for (Path file : tree.sorted(Comparator.reverseOrder()).toList()) {
                            Files.deleteIfExists(file);
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw DiskFull.fault("the guest's directory", e);
        }
    }

    /** Sockets of a process that is gone would only make the next one fail. */
    void deleteSockets() {
        try {
            for (Path socket : List.of(qmp(), debugQmp(), vnc(), serial(), transfer())) {
                Files.deleteIfExists(socket);
            }
        } catch (IOException e) {
            throw DiskFull.fault("the guest's sockets", e);
        }
    }
}
