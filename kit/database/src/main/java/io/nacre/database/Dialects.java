package io.nacre.database;

import org.jooq.Configuration;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.impl.DefaultConfiguration;

/** How jOOQ speaks to each engine. */
final class Dialects {
    private Dialects() {}

    static Configuration of(DatabaseConfig.Engine engine) {
        // jOOQ greets in the log when its classes are loaded; only a system property keeps it quiet.
        System.setProperty("org.jooq.no-logo", "true");
        System.setProperty("org.jooq.no-tips", "true");
        Settings settings = new Settings()
                .withRenderCatalog(false)
                .withRenderSchema(false)
                .withExecuteLogging(false)
                .withExecuteLoggingSQLExceptions(false)
                .withFetchWarnings(false)
                .withAttachRecords(false)
                .withMapJPAAnnotations(false)
                // Otherwise MULTISET and LISTAGG send two statements at once, which MariaDB refuses.
                .withRenderGroupConcatMaxLenSessionVariable(false);
        SQLDialect dialect = switch (engine) {
            case SQLITE -> SQLDialect.SQLITE;
            case MARIADB -> SQLDialect.MARIADB;
            case POSTGRESQL -> SQLDialect.POSTGRES;
        };
        return new DefaultConfiguration().set(dialect).set(settings);
    }
}
