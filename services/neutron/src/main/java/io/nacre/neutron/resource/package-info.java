/**
 * What all resources of the Networking API have in common, once. A resource describes itself by a table of
 * {@link io.nacre.neutron.resource.Attribute}s: how each is checked, when it may be set, by whom, how it is shown and
 * filtered. From that table come the request checks ({@link io.nacre.neutron.resource.Attributes}), the views, the
 * filters and sort keys, and the policy rules. {@link io.nacre.neutron.resource.ResourceApi} serves the six usual
 * requests and the tags; {@link io.nacre.neutron.resource.ResourceStore} keeps the rows.
 *
 * <p>The words of refusals are those of neutron-lib, since clients and Tempest look at them.
 */
@NullMarked
package io.nacre.neutron.resource;

import org.jspecify.annotations.NullMarked;
