@NullMarked
package io.nacre.placement.candidate;

import org.jspecify.annotations.NullMarked;
