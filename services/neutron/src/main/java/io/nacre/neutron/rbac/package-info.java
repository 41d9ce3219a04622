/** RBAC policies: who may use an object beside its owner. The objects' packages read the same rows. */
@NullMarked
package io.nacre.neutron.rbac;

import org.jspecify.annotations.NullMarked;
