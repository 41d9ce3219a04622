/**
 * Keys in files that several controllers share: changed under a lock, looked at again when somebody has changed them,
 * rotated when they are old, and complained of when they are open to others.
 */
@NullMarked
package io.nacre.keystone.keyfile;

import org.jspecify.annotations.NullMarked;
