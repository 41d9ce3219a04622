/**
 * The program. {@link io.nacre.launcher.Main} lists the commands; {@code Controller} and {@code NodeAgent} are the
 * bills of materials of the two kinds of process, and {@code nacre up} runs one of each. Only this package knows
 * whether the parts of a cloud share a process.
 */
@NullMarked
package io.nacre.launcher;

import org.jspecify.annotations.NullMarked;
