package io.nacre.network.linux;

import io.nacre.network.Cidr;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Locale;

/** Tells the neighbours of an address where it is now, so that they forget where it was (RFC 5227, section 3). */
final class GratuitousArp {
    private static final int AF_PACKET = 17;
    private static final int SOCK_DGRAM = 2;
    private static final short ETH_P_ARP = 0x0806;
    private static final byte[] EVERYBODY = {-1, -1, -1, -1, -1, -1};

    private GratuitousArp() {}

    /** Announces the IPv4 addresses among these, which must be the device's. */
    static void announce(String namespace, String device, String mac, Collection<Cidr> addresses) {
        if (addresses.stream().noneMatch(Cidr::isIpv4)) {
            return;
        }
        Namespaces.in(namespace, () -> {
            int socket = Libc.socket(AF_PACKET, SOCK_DGRAM, 0);
            try {
                byte[] to = destination(Libc.interfaceIndex(device));
                for (Cidr address : addresses) {
                    if (address.isIpv4()) {
                        Libc.send(socket, packet(mac, address), to);
                    }
                }
                return true;
            } finally {
                Libc.close(socket);
            }
        });
    }

    /** A struct sockaddr_ll. */
    private static byte[] destination(int index) {
        return ByteBuffer.allocate(20)
                .order(ByteOrder.nativeOrder())
                .putShort((short) AF_PACKET)
                .order(ByteOrder.BIG_ENDIAN)
                .putShort(ETH_P_ARP)
                .order(ByteOrder.nativeOrder())
                .putInt(index)
                .putShort((short) 0)
                .put((byte) 0)
                .put((byte) EVERYBODY.length)
                .put(EVERYBODY)
                .array();
    }

    /** A question for one's own address. */
    private static byte[] packet(String mac, Cidr address) throws IOException {
        byte[] own = HexFormat.ofDelimiter(":").parseHex(mac.toLowerCase(Locale.ROOT));
        byte[] ip = address.address().getAddress();
        return ByteBuffer.allocate(28)
                .putShort((short) 1)
                .putShort((short) 0x0800)
                .put((byte) 6)
                .put((byte) 4)
                .putShort((short) 1)
                .put(own)
                .put(ip)
                .put(new byte[6])
                .put(ip)
                .array();
    }
}
