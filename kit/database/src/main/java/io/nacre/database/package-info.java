/**
 * Transactions, tables and migrations on SQLite, MariaDB and PostgreSQL alike. Only stores import this package: they
 * declare their tables with {@link io.nacre.database.Columns}, open a transaction they were handed with
 * {@link io.nacre.database.Sql}, and list page by page with {@link io.nacre.database.Paging}.
 *
 * <p>What holds on all three engines, and what a store must do for it:
 * <ul>
 *   <li>A closure sees one snapshot and its own writes. Check, then write with a guard (a generation, or the value
 *       that was read) and hand the count to {@link io.nacre.database.Sql#one}: a lost race starts the closure over.
 *   <li>A unique key or reference that objects reaches the caller as a conflict. To say something better, look first;
 *       on the servers the closure is run again when another insert came between.
 *   <li>Text compares byte by byte. Migrations use varchar(n), text, bigint, integer, boolean, double precision and
 *       the placeholders <code>${longtext}</code> (more than 64 KiB) and <code>${bytes}</code>, lower-case names, and
 *       versions such as {@code V20261123_10__placement.sql} that no other service uses.
 *   <li>No {@code forUpdate().skipLocked()} (SQLite refuses it), no {@code returning} on updates (MariaDB has none),
 *       no {@code onDuplicateKeyIgnore} (MariaDB then ignores other faults too), children by a second query with IN.
 * </ul>
 */
@NullMarked
package io.nacre.database;

import org.jspecify.annotations.NullMarked;
