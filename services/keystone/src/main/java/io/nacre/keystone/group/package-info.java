/** Groups of users, and who belongs to them. API reference "Groups". */
@NullMarked
package io.nacre.keystone.group;

import org.jspecify.annotations.NullMarked;
