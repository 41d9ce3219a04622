/** Which policy document is for which endpoint. API reference "OS-ENDPOINT-POLICY". */
@NullMarked
package io.nacre.keystone.endpointpolicy;

import org.jspecify.annotations.NullMarked;
