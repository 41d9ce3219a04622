package io.nacre.keystone.keyfile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What is wrong with a directory of keys, in words for its operator. */
public final class Complaints {
    private static final Set<PosixFilePermission> OTHERS = EnumSet.complementOf(EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE));

    private final Path directory;
    private final List<String> found = new ArrayList<>();

    private Complaints(Path directory) {
        this.directory = directory;
    }

    /** What there is to look at in a directory that is there. */
    public interface Look {
        void at(Complaints complaints) throws IOException;
    }

    public static List<String> about(Path directory, Look look) {
        if (!Files.isDirectory(directory)) {
            return List.of(directory + " is not there: it is made when the cloud starts for the first time");
        }
        Complaints complaints = new Complaints(directory);
        try {
            look.at(complaints);
        } catch (IOException | UncheckedIOException e) {
            complaints.add(directory + " cannot be read: " + e.getMessage());
        }
        return complaints.found;
    }

    public void add(String complaint) {
        found.add(complaint);
    }

    public void requirePrivate(Path path) throws IOException {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        permissions.addAll(Files.getPosixFilePermissions(path));
        permissions.retainAll(OTHERS);
        if (!permissions.isEmpty()) {
            add(path + " is open to others than its owner: chmod go-rwx " + path);
        }
    }

    /** @param oldest after which time without a rotation keys count as old */
    public void requireYoung(Path staged, Duration oldest, Instant now) throws IOException {
        Instant rotated = Files.getLastModifiedTime(staged).toInstant();
        if (rotated.plus(oldest).isBefore(now)) {
            add(directory + " was not rotated for "
                    + Duration.between(rotated, now).toDays() + " days");
        }
    }

    /** Everything in it belongs to whom the directory belongs to. */
    public void requireOneOwner(Path part) throws IOException {
        Object owner = Files.getOwner(directory);
        try (Stream<Path> entries = Files.list(part)) {
            for (Path entry : entries.sorted().toList()) {
                if (!Files.getOwner(entry).equals(owner)) {
                    add(entry + " does not belong to " + owner + ", as the directory does");
                }
            }
        }
    }
}
