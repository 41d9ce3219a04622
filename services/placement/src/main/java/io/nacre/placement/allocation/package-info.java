/**
 * Allocations: who holds how much of what. API reference "Allocations", "Usages", "Reshaper". A claim is decided and
 * written in one transaction that moves the generation of every provider it touches, so two claims cannot both take
 * what is there only once.
 */
@NullMarked
package io.nacre.placement.allocation;

import org.jspecify.annotations.NullMarked;
