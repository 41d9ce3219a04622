/**
 * Clouds that take this one's word for who its users are. API reference "OS-FEDERATION", service providers.
 */
@NullMarked
package io.nacre.keystone.serviceprovider;

import org.jspecify.annotations.NullMarked;
