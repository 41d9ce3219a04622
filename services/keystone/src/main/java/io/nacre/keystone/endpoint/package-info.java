/** Endpoints: where a service is reached, by whom and in which region. API reference "Service catalog and endpoints". */
@NullMarked
package io.nacre.keystone.endpoint;

import org.jspecify.annotations.NullMarked;
