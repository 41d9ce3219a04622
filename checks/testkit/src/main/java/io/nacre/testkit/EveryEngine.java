package io.nacre.testkit;

import io.nacre.database.DatabaseConfig.Engine;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.ClassTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs all tests of the class once on each database engine. Constructors, lifecycle methods and tests may ask for a
 * {@link io.nacre.database.Database}; before each test it is as the migrations left it. A test that wants a second
 * controller on the same data asks for the {@link io.nacre.database.DatabaseConfig} and opens another one; a test of a saga asks for a {@link SagaSweep}.
 *
 * <p>{@code -Dnacre.engines=sqlite} (or a list such as {@code sqlite,mariadb}) runs fewer.
 */
@ClassTemplate
@ExtendWith(EngineInvocations.class)
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface EveryEngine {

    /** Folders on the class path, such as {@code db/placement}. */
    String[] migrations();

    /** Fewer engines, for a test that takes long and asks nothing of the database that others do not. */
    Engine[] engines() default {Engine.SQLITE, Engine.MARIADB, Engine.POSTGRESQL};
}
