/**
 * Users and groups that an LDAP server knows, read and never written, as keystone's LDAP driver does since Ocata. This
 * is the only place that knows LDAP; nothing here is called inside a transaction.
 */
@NullMarked
package io.nacre.keystone.ldap;

import org.jspecify.annotations.NullMarked;
