/**
 * What tests of all modules share: databases of every engine ({@link io.nacre.testkit.EveryEngine}), a clock that is
 * moved by hand ({@link io.nacre.testkit.MutableClock}).
 *
 * <p>A test of a store is annotated with {@code @EveryEngine(migrations = "db/placement")} and runs on SQLite, MariaDB
 * and PostgreSQL. The servers come from Debian's packages (mariadb-server, postgresql-15), are started once per test
 * JVM on ports of their own, keep their data in memory and die with the JVM. {@code -Dnacre.engines=sqlite} leaves
 * them out for a quick look; without it all three run, because that is what a store promises.
 */
@NullMarked
package io.nacre.testkit;

import org.jspecify.annotations.NullMarked;
