package io.nacre.launcher;

import io.nacre.base.FaultException;
import io.nacre.database.Database;
import io.nacre.keystone.KeystoneConfig;
import io.nacre.keystone.fernet.KeyHealth;
import io.nacre.keystone.jws.JwsHealth;
import io.nacre.keystone.token.TokenProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
        name = "doctor",
        description = "Look for what is wrong with the identity service's keys, policy and settings.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:nothing found", "1:something found, or it could not be looked for"})
final class KeystoneDoctor extends OfflineCommand {
    /** For keys that nobody said should be rotated oftener. */
    private static final Duration OLD = Duration.ofDays(90);

    @Override
    public Integer call() throws IOException {
        Path directory = directory();
        Sections sections = sections();
        KeystoneConfig config = sections.keystone();
        Duration oldest =
                config.keyRotation().isZero() ? OLD : config.keyRotation().multipliedBy(2);
        Instant now = Instant.now();
        int found = report(
                        "Keys of tokens",
                        config.tokenProvider() == TokenProvider.JWS
                                ? JwsHealth.problems(config.tokenKeys(), oldest, now)
                                : KeyHealth.problems(config.tokenKeys(), oldest, now))
                + report("Keys of receipts", KeyHealth.problems(config.receiptKeys(), oldest, now))
                + report(
                        "Keys of credentials",
                        // Old ones stay in use for what they sealed.
                        KeyHealth.problems(config.credentialKeys(), Duration.ofDays(36_500), now))
                + report("Policy", policy(directory, sections));
        if (config.identity().usesDirectories()) {
            found += report("Directories of domains", directories(directory, sections));
        }
        return found == 0 ? 0 : 1;
    }

    private static List<String> policy(Path directory, Sections sections) {
        List<String> problems = new ArrayList<>();
        try (OfflineKeystone keystone = OfflineKeystone.open(directory, sections)) {
            keystone.policy()
                    .unknownOverrides()
                    .forEach(name -> problems.add(Endpoint.KEYSTONE.policyFile(directory) + ": " + name
                            + " is no rule of keystone, and no rule refers to it"));
        } catch (IllegalArgumentException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
        return problems;
    }

    private static List<String> directories(Path directory, Sections sections) {
        try (Database database = Database.look(sections.database());
                OfflineKeystone keystone = OfflineKeystone.open(directory, sections, database)) {
            return keystone.directoryProblems();
        } catch (FaultException e) {
            return List.of(
                    "The database cannot be asked for the domains: " + e.fault().message());
        }
    }

    private static int report(String what, List<String> problems) {
        System.out.println((problems.isEmpty() ? "ok  " : "BAD ") + what);
        problems.forEach(problem -> System.out.println("    " + problem));
        return problems.size();
    }
}
