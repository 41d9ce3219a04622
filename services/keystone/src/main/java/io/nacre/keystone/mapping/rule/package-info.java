/**
 * The language of mappings, as pure functions: {@link io.nacre.keystone.mapping.rule.Rules} make of an {@link
 * io.nacre.keystone.mapping.rule.Assertion}, which is what an identity provider says of somebody, a {@link
 * io.nacre.keystone.mapping.rule.Mapped}, which is what this cloud makes of it. A rule counts when all its requirements
 * are met; those that only ask for a value, or filter values, hand them to the templates of the rule's local part, as
 * {@code {0}}, {@code {1}} and so on. Rules add up. Keystone's documentation calls this "mapping combinations".
 *
 * <p>Otherwise than in the original, what an assertion says is never read as anything but text: a value such as {@code
 * "['x', 'admins']"} is the name of one odd group there, not of two, so it cannot slip past a blacklist. The one
 * exception are the groups of another keystone, {@code JSON:{"name": ..., "domain": ...}}, and only where the rule names
 * no domain itself.
 */
@NullMarked
package io.nacre.keystone.mapping.rule;

import org.jspecify.annotations.NullMarked;
