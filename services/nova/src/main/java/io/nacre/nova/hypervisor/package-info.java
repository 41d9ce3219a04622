/** Hypervisors: what each host has and how much of it servers use. API reference "Hypervisors". */
@NullMarked
package io.nacre.nova.hypervisor;

import org.jspecify.annotations.NullMarked;
