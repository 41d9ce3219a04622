/** Who may do what. A first, minimal form: the rule language follows. */
@NullMarked
package io.nacre.policy;

import org.jspecify.annotations.NullMarked;
