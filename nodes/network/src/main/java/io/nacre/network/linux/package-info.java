/**
 * The data plane on plain Linux: bridges, VXLAN, nftables, dnsmasq and network namespaces. The place to start is
 * {@link io.nacre.network.linux.LinuxDriver}; docs/decisions/0004 says why everything lives in a namespace.
 *
 * <p>The kernel is the only record of what is there. Each class reads it, computes lines of {@code ip}, {@code
 * bridge} or {@code nft} input that make the difference, and hands them over in one batch: a process costs some
 * milliseconds, a line in it some microseconds. Filters go through libnftables inside the namespace, without a
 * process, as one transaction: a packet sees the old rules or the new ones, never something between.
 */
@NullMarked
package io.nacre.network.linux;

import org.jspecify.annotations.NullMarked;
