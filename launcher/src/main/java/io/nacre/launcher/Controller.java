package io.nacre.launcher;

import io.nacre.base.Ids;
import io.nacre.config.Settings;
import io.nacre.database.Database;
import io.nacre.database.DatabaseConfig;
import io.nacre.http.HttpConfig;
import io.nacre.http.HttpServer;
import io.nacre.placement.Placement;
import java.time.InstantSource;
import java.util.List;

/** The bill of materials of a controller. */
final class Controller implements AutoCloseable {
    private final Database database;
    private final HttpServer http;

    private Controller(Database database, HttpServer http) {
        this.database = database;
        this.http = http;
    }

    static Controller start(State state, Settings settings, CloudConfig cloud) {
        InstantSource clock = InstantSource.system();
        Ids ids = Ids.secure();
        Database database = Database.open(
                settings.section("database", DatabaseConfig.file(state.file("nacre.db"))),
                List.of(Placement.MIGRATIONS));
        Placement placement = new Placement(database, ids, clock);
        HttpServer http = new HttpServer(settings.section("http", HttpConfig.defaults()), ids, clock);
        http.serve(
                placement.service(null),
                (token, requestId, global) -> {
                    throw io.nacre.base.Fault.unauthenticated("The request you have made requires authentication.");
                },
                cloud.listen(),
                Endpoint.PLACEMENT.port(cloud.portOffset()));
        settings.rejectUnknownSections();
        http.start();
        return new Controller(database, http);
    }

    @Override
    public void close() {
        http.close();
        database.close();
    }
}
