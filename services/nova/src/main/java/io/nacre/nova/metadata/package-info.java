/**
 * What a guest may know of itself: the trees that the metadata service at 169.254.169.254 and the config drive show.
 * API guide "Metadata"; versions of the OpenStack tree as in nova/api/metadata/base.py, 2024.1.
 */
@NullMarked
package io.nacre.nova.metadata;

import org.jspecify.annotations.NullMarked;
