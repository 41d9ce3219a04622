/** Security groups and their rules as the API up to 2.35 had them: neutron's, in nova's words. */
@NullMarked
package io.nacre.nova.securitygroup;

import org.jspecify.annotations.NullMarked;
