/**
 * Domains whose users and groups are in a directory elsewhere. What the directory says is copied into the tables of
 * users, groups and memberships when a request is about it, before the request's transaction, and again from time to
 * time; so roles, tokens and trusts work on them as on all others, and nobody waits for a server inside a transaction.
 * {@link io.nacre.keystone.directory.DirectoryGate} tells which request asks which directory for what.
 */
@NullMarked
package io.nacre.keystone.directory;

import org.jspecify.annotations.NullMarked;
