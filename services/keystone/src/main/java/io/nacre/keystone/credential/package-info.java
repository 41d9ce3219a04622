/**
 * Credentials: secrets of users that other services ask for, such as the keys of EC2. API reference "Credentials" and
 * "OS-EC2". What is secret in them is kept sealed under keys of their own.
 */
@NullMarked
package io.nacre.keystone.credential;

import org.jspecify.annotations.NullMarked;
