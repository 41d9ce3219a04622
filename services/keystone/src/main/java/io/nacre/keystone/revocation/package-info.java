/**
 * What makes tokens invalid before their time, and how every controller learns of it. A revocation event says which
 * tokens are over: one by its audit id, a whole chain, or all of a user, project, domain, trust or application
 * credential that were issued up to a moment. The generation is a number in the database that moves on in the same
 * transaction as anything that could change what a token says: an event, a role given or taken, a user renamed. What
 * is remembered of a token is used only as long as the generation is the one it was made under.
 */
@NullMarked
package io.nacre.keystone.revocation;

import org.jspecify.annotations.NullMarked;
