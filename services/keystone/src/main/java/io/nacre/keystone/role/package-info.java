/**
 * Roles, global ones and those of a domain, and which role brings which others with it. API reference "Roles". A role
 * that is implied by another needs no assignment of its own.
 */
@NullMarked
package io.nacre.keystone.role;

import org.jspecify.annotations.NullMarked;
