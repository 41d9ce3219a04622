/**
 * Passwords: hashed with bcrypt on a few threads of their own, because one check costs a quarter of a second of
 * processor and would otherwise hold up every request beside it; and remembered for a short time once they were right,
 * so that a client which logs in for each command pays once. The service's README says what remembering means.
 */
@NullMarked
package io.nacre.keystone.password;

import org.jspecify.annotations.NullMarked;
