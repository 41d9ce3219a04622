/** Users and their passwords. API reference "Users". */
@NullMarked
package io.nacre.keystone.user;

import org.jspecify.annotations.NullMarked;
