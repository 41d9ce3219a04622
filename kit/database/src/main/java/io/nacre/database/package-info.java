/**
 * Transactions, tables and migrations on SQLite, MariaDB and PostgreSQL alike. Only stores import this package: they
 * declare their tables with {@link io.nacre.database.Columns} and open a transaction they were handed with
 * {@link io.nacre.database.Sql}.
 */
@NullMarked
package io.nacre.database;

import org.jspecify.annotations.NullMarked;
