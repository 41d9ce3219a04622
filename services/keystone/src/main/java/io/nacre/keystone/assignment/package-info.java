/**
 * Who has which role on what. A {@link io.nacre.keystone.assignment.Grant} is what was given: to a user or a group, on
 * a project, a domain or the system, for the thing itself or for the projects below it.
 * {@link io.nacre.keystone.assignment.EffectiveRoles} tells what that amounts to for a user and a scope, and is what
 * every token is made from; {@code EffectiveGrants} lists the same for people to read. API reference "Roles",
 * assignments, "OS-INHERIT" and "System role assignments".
 */
@NullMarked
package io.nacre.keystone.assignment;

import org.jspecify.annotations.NullMarked;
