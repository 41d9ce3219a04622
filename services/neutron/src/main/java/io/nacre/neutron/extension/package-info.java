/** What of the API there is: its versions, its resources, its extensions and service providers. */
@NullMarked
package io.nacre.neutron.extension;

import org.jspecify.annotations.NullMarked;
