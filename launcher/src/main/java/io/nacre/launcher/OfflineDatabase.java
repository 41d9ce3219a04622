package io.nacre.launcher;

import io.nacre.database.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;

/** The database of a cloud for what an operator does beside its API. */
final class OfflineDatabase {
    private OfflineDatabase() {}

    /**
     * Does something with it. An embedded database must be in nobody's hands: a running cloud remembers much, and looks
     * for changes of its own only.
     */
    static <T> T use(Path state, Sections sections, Function<Database, T> work) throws IOException {
        if (!sections.database().embedded()) {
            return open(sections, work);
        }
        try (State owned = State.take(state)) {
            owned.unpackHere();
            return open(sections, work);
        }
    }

    private static <T> T open(Sections sections, Function<Database, T> work) {
        try (Database database = Controller.open(sections.database())) {
            return work.apply(database);
        }
    }
}
