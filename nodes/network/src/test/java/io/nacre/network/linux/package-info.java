/**
 * Tests with real kernel objects, which take root. Guests are network namespaces that hold the other end of a port of
 * the kind veth; they get their addresses by DHCP with busybox and talk to each other with its tools.
 */
@NullMarked
package io.nacre.network.linux;

import org.jspecify.annotations.NullMarked;
