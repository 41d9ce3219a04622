package io.nacre.launcher;

import io.nacre.base.Fault;
import io.nacre.keystone.directory.IdMappingStore.Kind;
import io.nacre.keystone.directory.Purge;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "mapping",
        description = "What users and groups of directories are called here.",
        subcommands = KeystoneMappingCommand.PurgeMappings.class)
final class KeystoneMappingCommand extends CommandGroup {
    /** Its options are those of {@code keystone-manage mapping_purge}. */
    @Command(
            name = "purge",
            description = "Forget users and groups of directories, such as those that are no longer there. Who is still"
                    + " there comes back as who they were, with the roles they had. An all-in-one cloud must be stopped"
                    + " meanwhile; controllers over MariaDB or PostgreSQL may run.")
    static final class PurgeMappings extends OfflineCommand {
        @Option(names = "--all", description = "Those of all domains.")
        private boolean all;

        @Option(names = "--domain-name", paramLabel = "NAME", description = "Those of this domain.")
        private @Nullable String domainName;

        @Option(names = "--public-id", paramLabel = "ID", description = "The one with this identifier here.")
        private @Nullable String publicId;

        @Option(names = "--local-id", paramLabel = "ID", description = "Those with this identifier in a directory.")
        private @Nullable String localId;

        @Option(names = "--type", paramLabel = "user|group", description = "Users, or groups.")
        private @Nullable String type;

        @Override
        public Integer call() throws IOException {
            Path directory = directory();
            Sections sections = sections();
            Purge which = which();
            int purged = OfflineKeystone.change(directory, sections, keystone -> keystone.purgeMappings(which));
            System.out.println("Forgot " + purged + " users and groups of directories");
            return 0;
        }

        private Purge which() {
            boolean some = Stream.of(domainName, publicId, localId, type).anyMatch(Objects::nonNull);
            if (all == some) {
                throw Fault.invalid(
                        all
                                ? "--all cannot be mixed with other options."
                                : "Which? Give at least one option, or --all.");
            }
            return new Purge(domainName, publicId, localId, kind());
        }

        private @Nullable Kind kind() {
            return switch (type) {
                case null -> null;
                case "user" -> Kind.USER;
                case "group" -> Kind.GROUP;
                default -> throw Fault.invalid("--type is user or group.");
            };
        }
    }
}
