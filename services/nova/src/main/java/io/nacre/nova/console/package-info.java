/** What a guest shows: the log of its serial line. API reference "Servers - run an action", os-getConsoleOutput. */
@NullMarked
package io.nacre.nova.console;

import org.jspecify.annotations.NullMarked;
