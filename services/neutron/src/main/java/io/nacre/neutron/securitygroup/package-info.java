/**
 * Security groups and their rules: what traffic a port lets in and out. Every project has a default group, which is made
 * when it is first needed.
 */
@NullMarked
package io.nacre.neutron.securitygroup;

import org.jspecify.annotations.NullMarked;
