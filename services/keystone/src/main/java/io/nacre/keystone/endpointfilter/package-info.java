/** Which endpoints the catalog of a project's tokens shows. API reference "OS-EP-FILTER". */
@NullMarked
package io.nacre.keystone.endpointfilter;

import org.jspecify.annotations.NullMarked;
