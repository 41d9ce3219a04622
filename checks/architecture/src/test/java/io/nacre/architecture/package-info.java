/**
 * The rules and budgets of ARCHITECTURE.md, checked on every build: who may use whom, how large a piece may grow, what
 * things may be called, and that nothing durable goes unswept.
 */
package io.nacre.architecture;
