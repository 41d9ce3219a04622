package io.nacre.keystone.fernet;

import io.nacre.keystone.keyfile.Complaints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What is wrong with a directory of Fernet keys, in words for its operator. */
public final class KeyHealth {
    private KeyHealth() {}

    /** @param oldest after which time without a rotation the keys count as old */
    public static List<String> problems(Path directory, Duration oldest, Instant now) {
        return Complaints.about(directory, complaints -> {
            complaints.requirePrivate(directory);
            List<Path> keys = KeyRepository.files(directory).values().stream().toList();
            for (Path key : keys) {
                complaints.requirePrivate(key);
                requireKey(key, complaints);
            }
            if (keys.size() < 2) {
                complaints.add(directory + " holds fewer than two keys: one in use and one staged");
            } else {
                complaints.requireYoung(keys.getFirst(), oldest, now);
            }
            complaints.requireOneOwner(directory);
        });
    }

    private static void requireKey(Path path, Complaints complaints) throws IOException {
        try {
            Fernet.Key.of(Files.readString(path));
        } catch (IllegalArgumentException e) {
            complaints.add(path + ": " + e.getMessage());
        }
    }
}
