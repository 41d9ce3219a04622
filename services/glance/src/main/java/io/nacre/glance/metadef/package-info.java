/**
 * Metadata definitions: what the properties of images, flavors and other resources mean, for people and dashboards.
 * A namespace holds properties, objects (groups of properties) and tags, and names the types of resources that they
 * are meant for. API reference "Metadata definition namespaces" and the sections after it.
 */
@NullMarked
package io.nacre.glance.metadef;

import org.jspecify.annotations.NullMarked;
