/**
 * Application credentials: a user lets a program act in one project with some of their roles, by a secret of its own
 * that can be taken back. API reference "Application credentials". One never gives more than its user has, its roles
 * count only while the user has them, and one that is restricted (as all are unless asked for otherwise) cannot make
 * further credentials or trusts.
 */
@NullMarked
package io.nacre.keystone.applicationcredential;

import org.jspecify.annotations.NullMarked;
