/** The hypervisors of the hosts. API reference "Hypervisors": shows what {@code host} keeps. */
@NullMarked
package io.nacre.nova.hypervisor;

import org.jspecify.annotations.NullMarked;
