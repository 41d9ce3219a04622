package io.nacre.launcher;

import io.nacre.base.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What an operator does to a cloud beside its API, in a process of its own. */
@Command(mixinStandardHelpOptions = true)
abstract class OfflineCommand implements Callable<Integer> {
    @Mixin
    private StateOption state = new StateOption();

    @Mixin
    private SettingsOption settings = new SettingsOption();

    /** Of the cloud's state. */
    final Path directory() {
        return state.directory();
    }

    /** The settings of a cloud that was started before; not found where none was. */
    final Sections sections() throws IOException {
        Path directory = directory();
        if (Files.isDirectory(directory)) {
            Log.to(directory.resolve("log"), "command.log");
        }
        Sections sections = Sections.read(settings.read(directory), directory);
        Path keys = sections.keystone().tokenKeys();
        if (!Files.isDirectory(keys)) {
            throw Fault.notFound("There are no keys in " + keys
                    + ": they are made when the cloud starts for the first time. Is --state right?");
        }
        return sections;
    }
}
