/**
 * What every resource of identity API v3 has in common on the wire: links, attributes that keystone does not know and
 * keeps all the same, and filters such as {@code name__contains}.
 */
@NullMarked
package io.nacre.keystone.entity;

import org.jspecify.annotations.NullMarked;
