/** {@code nacre demo}: the main job of a cloud in one command, done through the public API as any client would. */
@NullMarked
package io.nacre.launcher.demo;

import org.jspecify.annotations.NullMarked;
