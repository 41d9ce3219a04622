/**
 * Roles: names for what somebody may do. A role may belong to a domain, then it never stands in a token itself but may
 * imply roles that do. API reference "Roles" but for assignments, and "Implied roles".
 */
@NullMarked
package io.nacre.keystone.role;

import org.jspecify.annotations.NullMarked;
