package io.nacre.launcher;

import io.nacre.base.Fault;
import io.nacre.base.Ids;
import io.nacre.glance.metadef.DefinitionFiles;
import io.nacre.glance.metadef.DefinitionFiles.Existing;
import io.nacre.glance.metadef.Metadefs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What an operator does to the image service beside its API. */
@Command(
        name = "glance",
        description = "Look after the image service: its metadata definitions.",
        subcommands = GlanceCommand.Definitions.class)
final class GlanceCommand extends CommandGroup {
    @Command(
            name = "metadefs",
            description = "Metadata definitions in files of JSON, one namespace in each. An all-in-one cloud must be"
                    + " stopped meanwhile; controllers over MariaDB or PostgreSQL may run.",
            subcommands = {Load.class, Unload.class, Export.class})
    static final class Definitions extends CommandGroup {}

    /** What all of them work on. */
    abstract static sealed class OnDefinitions extends OfflineCommand {
        <T> T with(Function<DefinitionFiles, T> work) throws IOException {
            return OfflineDatabase.use(
                    directory(),
                    sections(),
                    database -> work.apply(Metadefs.files(database, Ids.secure(), InstantSource.system())));
        }
    }

    /** Its options are those of {@code glance-manage db_load_metadefs}. */
    @Command(name = "load", description = "Load definitions. A namespace that is there already stays as it is.")
    static final class Load extends OnDefinitions {
        @Option(
                names = "--path",
                paramLabel = "PATH",
                description = "A file, or a folder of files that end in .json (default: those that come with Nacre).")
        private @Nullable Path path;

        @Option(names = "--merge", description = "A namespace that is there gets what it does not have.")
        private boolean merge;

        @Option(names = "--prefer-new", description = "With --merge: what both have becomes as in the file.")
        private boolean preferNew;

        @Option(names = "--overwrite", description = "With --merge: the namespace becomes what is in the file.")
        private boolean overwrite;

        @Override
        public Integer call() throws IOException {
            Existing existing = existing();
            Map<String, DefinitionFiles.Result> results = with(
                    files -> path == null ? files.loadStandard(existing) : files.load(path.toAbsolutePath(), existing));
            results.forEach((namespace, result) ->
                    System.out.println(result.name().toLowerCase(Locale.ROOT) + "  " + namespace));
            return 0;
        }

        private Existing existing() {
            if (!merge && (preferNew || overwrite)) {
                throw Fault.invalid("--prefer-new and --overwrite need --merge beside them.");
            }
            if (preferNew && overwrite) {
                throw Fault.invalid("--prefer-new or --overwrite? Give one of them.");
            }
            return !merge
                    ? Existing.KEEP
                    : preferNew ? Existing.UPDATE : overwrite ? Existing.REPLACE : Existing.COMPLETE;
        }
    }

    @Command(
            name = "unload",
            description = "Remove all definitions, also those that users made. The next start does not bring those that"
                    + " come with Nacre back; load does.")
    static final class Unload extends OnDefinitions {
        @Override
        public Integer call() throws IOException {
            System.out.println("Removed " + with(DefinitionFiles::unload) + " namespaces");
            return 0;
        }
    }

    @Command(name = "export", description = "Write each namespace to a file, in place of one that is there.")
    static final class Export extends OnDefinitions {
        @Option(names = "--path", paramLabel = "DIR", required = true, description = "The folder of the files.")
        private Path path = Path.of("");

        @Override
        public Integer call() throws IOException {
            List<Path> files = with(definitions -> definitions.export(path.toAbsolutePath()));
            files.forEach(System.out::println);
            return 0;
        }
    }
}
