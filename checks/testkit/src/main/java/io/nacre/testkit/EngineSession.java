package io.nacre.testkit;

import io.nacre.database.Database;
import io.nacre.database.DatabaseConfig;
import io.nacre.database.DatabaseConfig.Engine;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterClassTemplateInvocationCallback;
import org.junit.jupiter.api.extension.BeforeClassTemplateInvocationCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One run of a test class on one engine: a database of its own, emptied before each test. */
final class EngineSession
        implements BeforeClassTemplateInvocationCallback,
                AfterClassTemplateInvocationCallback,
                BeforeEachCallback,
                ParameterResolver {
    private final DatabaseServers servers;
    private final Engine engine;
    private final List<String> migrations;

    private @Nullable Open open;

    private record Open(DatabaseConfig config, Database database, Rows rows) {}

    EngineSession(DatabaseServers servers, Engine engine, List<String> migrations) {
        this.servers = servers;
        this.engine = engine;
        this.migrations = migrations;
    }

    @Override
    public void beforeClassTemplateInvocation(ExtensionContext context) {
        DatabaseConfig config = servers.fresh(engine);
        open = new Open(config, Database.open(config, migrations), Rows.remember(config));
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        Objects.requireNonNull(open).rows().restore();
    }

    @Override
    public void afterClassTemplateInvocation(ExtensionContext context) {
        if (open != null) {
            open.database().close();
            servers.drop(open.config());
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Database.class || type == DatabaseConfig.class || type == SagaSweep.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Open now = Objects.requireNonNull(open);
        Class<?> type = parameter.getParameter().getType();
        if (type == SagaSweep.class) {
            return new SagaSweep(now.database(), now.rows()::restore);
        }
        return type == Database.class ? now.database() : now.config();
    }
}
