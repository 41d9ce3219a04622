/**
 * What the controller may tell a node agent. Commands carry all that is needed to carry them out, describe the
 * state that is wanted, and may be repeated: the second time they find it done. Every argument and answer is one
 * record that survives a round trip through JSON, for it may cross the bus.
 */
@NullMarked
package io.nacre.contracts.node;

import org.jspecify.annotations.NullMarked;
