/**
 * The bytes of images on their way in and out: upload, stage, import, download, removal.
 *
 * <p>Data is claimed before it is written: a location row says that somebody writes under a key, and is touched while
 * they do. Whatever dies in between, the row tells {@link io.nacre.glance.data.DataCleanup} what to remove and which
 * image to give back. Only a row that is still there can turn into the data of an active image.
 */
@NullMarked
package io.nacre.glance.data;

import org.jspecify.annotations.NullMarked;
