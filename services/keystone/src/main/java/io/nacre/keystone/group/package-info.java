/** Groups of users; what is assigned to a group is assigned to its members. API reference "Groups". */
@NullMarked
package io.nacre.keystone.group;

import org.jspecify.annotations.NullMarked;
