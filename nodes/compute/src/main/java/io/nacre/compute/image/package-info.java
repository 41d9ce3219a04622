/**
 * The images that guests of this host are made from, each fetched once. An image is what a user uploaded, so it is
 * hostile until shown otherwise: its length and checksum are compared with what the image service says, its header
 * is read by our own bounded parser before any tool opens it, its format is the declared one and never guessed, and
 * a file that refers to another file is refused.
 */
@NullMarked
package io.nacre.compute.image;

import org.jspecify.annotations.NullMarked;
