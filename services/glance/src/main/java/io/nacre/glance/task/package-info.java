/** What users see of the long operations on images: what was asked, how far it is, and what came of it. */
@NullMarked
package io.nacre.glance.task;

import org.jspecify.annotations.NullMarked;
