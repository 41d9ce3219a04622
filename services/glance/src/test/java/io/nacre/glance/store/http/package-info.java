@NullMarked
package io.nacre.glance.store.http;

import org.jspecify.annotations.NullMarked;
