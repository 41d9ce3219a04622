/** Data that others keep and serve by HTTP; images name it by its URL. Nothing is ever written. */
@NullMarked
package io.nacre.glance.store.http;

import org.jspecify.annotations.NullMarked;
