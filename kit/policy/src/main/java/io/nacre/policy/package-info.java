/**
 * Who may do what, in the rule language of oslo.policy. Each service declares its rules in code, beside its routes, as
 * {@link io.nacre.policy.PolicyRule}s; an operator overrides single rules in a policy file.
 *
 * <p>The way of a rule: {@code RuleParser} turns its text into an {@code Expression}, {@code RuleCompiler} turns that
 * into closures with every reference to another rule resolved, {@link io.nacre.policy.Policy} keeps one immutable map
 * of them and swaps the whole map when the file changes. A decision is a map look-up and a few comparisons, since it
 * is made on every request.
 *
 * <p>What cannot be understood never allows: a bad default or a bad file at start-up stops the program and names the
 * rule, a file that became bad while running is reported and the rules before it stay in force.
 */
@NullMarked
package io.nacre.policy;

import org.jspecify.annotations.NullMarked;
