/**
 * What tests of all modules share: databases of every engine ({@link io.nacre.testkit.EveryEngine}), a clock that is
 * moved by hand ({@link io.nacre.testkit.MutableClock}), and the sweep that every saga has to pass
 * ({@link io.nacre.testkit.SagaSweep}).
 *
 * <p>A test of a store is annotated with {@code @EveryEngine(migrations = "db/placement")} and runs on SQLite, MariaDB
 * and PostgreSQL. The servers come from Debian's packages (mariadb-server, postgresql-15), are started once per test
 * JVM on ports of their own, keep their data in memory and die with the JVM. {@code -Dnacre.engines=sqlite} leaves
 * them out for a quick look; without it all three run, because that is what a store promises.
 *
 * <p>{@link io.nacre.testkit.RabbitServer} and {@link io.nacre.testkit.MemcachedServer} start what a cloud of many
 * machines needs beside the database, can be killed and started again, and die with the JVM as well.
 */
@NullMarked
package io.nacre.testkit;

import org.jspecify.annotations.NullMarked;
