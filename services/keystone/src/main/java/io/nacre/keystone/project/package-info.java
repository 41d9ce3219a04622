/**
 * Projects, their tags and their tree. API reference "Projects" and "Project tags". A domain is a project that acts as
 * one, as in the original: it is kept in the same table and can be asked for here too.
 */
@NullMarked
package io.nacre.keystone.project;

import org.jspecify.annotations.NullMarked;
