/**
 * Trusts: one user lets another act in a project with some of their roles. API reference "OS-TRUST". A trust never gives
 * more than its trustor has: its roles count only as long as the trustor still has each of them, and a trust made from
 * a trust stays within it.
 */
@NullMarked
package io.nacre.keystone.trust;

import org.jspecify.annotations.NullMarked;
