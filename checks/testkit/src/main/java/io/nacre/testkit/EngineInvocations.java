package io.nacre.testkit;

import io.nacre.database.DatabaseConfig.Engine;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContext;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContextProvider;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Turns {@link EveryEngine} into one run of the class for each engine. */
final class EngineInvocations implements ClassTemplateInvocationContextProvider {
    /** A package-wide run shares its servers; the root store stops them when the run is over. */
    private static final ExtensionContext.Namespace SERVERS = ExtensionContext.Namespace.create(DatabaseServers.class);

    @Override
    public boolean supportsClassTemplate(ExtensionContext context) {
        return true;
    }

    /** Only when fewer engines were asked for can it be that the class has none of them. */
    @Override
    public boolean mayReturnZeroClassTemplateInvocationContexts(ExtensionContext context) {
        return asked(context).isPresent();
    }

    @Override
    public Stream<ClassTemplateInvocationContext> provideClassTemplateInvocationContexts(ExtensionContext context) {
        EveryEngine annotation = AnnotationSupport.findAnnotation(context.getTestClass(), EveryEngine.class)
                .orElseThrow();
        List<String> migrations = List.of(annotation.migrations());
        List<Engine> possible = List.of(annotation.engines());
        DatabaseServers servers = context.getRoot()
                .getStore(SERVERS)
                .computeIfAbsent(DatabaseServers.class, key -> new DatabaseServers(), DatabaseServers.class);
        return wanted(context).filter(possible::contains).map(engine -> new ClassTemplateInvocationContext() {
            @Override
            public String getDisplayName(int index) {
                return engine.name().toLowerCase(Locale.ROOT);
            }

            @Override
            public List<Extension> getAdditionalExtensions() {
                return List.of(new EngineSession(servers, engine, migrations));
            }
        });
    }

    private static Stream<Engine> wanted(ExtensionContext context) {
        return asked(context)
                .map(list -> Arrays.stream(list.split(",", -1))
                        .map(name -> Engine.valueOf(name.strip().toUpperCase(Locale.ROOT))))
                .orElseGet(() -> Arrays.stream(Engine.values()));
    }

    private static Optional<String> asked(ExtensionContext context) {
        return context.getConfigurationParameter("nacre.engines").filter(list -> !list.isBlank());
    }
}
