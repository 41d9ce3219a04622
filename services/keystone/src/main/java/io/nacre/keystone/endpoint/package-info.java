/** Where each service can be reached. API reference "Service catalog and endpoints". */
@NullMarked
package io.nacre.keystone.endpoint;

import org.jspecify.annotations.NullMarked;
