/** Domains: API reference "Domains". They are projects that act as domains and are kept with them. */
@NullMarked
package io.nacre.keystone.domain;

import org.jspecify.annotations.NullMarked;
