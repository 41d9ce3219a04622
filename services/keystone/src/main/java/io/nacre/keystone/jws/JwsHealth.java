package io.nacre.keystone.jws;

import io.nacre.keystone.keyfile.Complaints;
import io.nacre.keystone.keyfile.KeyFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** What is wrong with a directory of key pairs, in words for its operator. */
public final class JwsHealth {
    private JwsHealth() {}

    /** @param oldest after which time without a rotation the keys count as old */
    public static List<String> problems(Path directory, Duration oldest, Instant now) {
        return Complaints.about(directory, complaints -> {
            Path signing = JwsKeys.privateKeys(directory);
            Path verifying = JwsKeys.publicKeys(directory);
            complaints.requirePrivate(signing);
            for (Path key : KeyFiles.list(signing)) {
                complaints.requirePrivate(key);
                requireKey(complaints, key, Pem::privateKey);
            }
            KeyFiles.list(verifying).forEach(key -> requireKey(complaints, key, Pem::publicKey));
            Path staged = JwsKeys.staged(directory);
            if (Files.exists(staged)) {
                complaints.requireYoung(staged, oldest, now);
            } else {
                complaints.add(staged + " is not there: no key is staged");
            }
            complaints.requireOneOwner(signing);
            complaints.requireOneOwner(verifying);
        });
    }

    private static void requireKey(Complaints complaints, Path file, Consumer<Path> read) {
        try {
            read.accept(file);
        } catch (IllegalStateException e) {
            complaints.add(String.valueOf(e.getMessage()));
        }
    }
}
