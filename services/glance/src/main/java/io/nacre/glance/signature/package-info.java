/**
 * Signatures of images: their owner says in four properties who signed the data and how, and the data is taken in only
 * when that is so (user guide "Image Signature Verification").
 */
@NullMarked
package io.nacre.glance.signature;

import org.jspecify.annotations.NullMarked;
