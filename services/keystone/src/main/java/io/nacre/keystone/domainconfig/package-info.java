/** What is set for one domain alone: where its users come from. API reference "Domain configuration". */
@NullMarked
package io.nacre.keystone.domainconfig;

import org.jspecify.annotations.NullMarked;
