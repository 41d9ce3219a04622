package io.nacre.neutron.address;

import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Addresses between text, bytes and numbers. The text form is canonical: RFC 5952 for IPv6. */
public final class Addresses {
    private static final Pattern IPV4 =
            Pattern.compile("(0|[1-9][0-9]{0,2})\\.(0|[1-9][0-9]{0,2})\\.(0|[1-9][0-9]{0,2})\\.(0|[1-9][0-9]{0,2})");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:]*(\\.?[0-9]+){0,4}");

    private Addresses() {}

    /** The address in canonical form; null when the text is none. */
    public static @Nullable String canonical(String text) {
        byte[] bytes = bytes(text);
        return bytes == null ? null : show(bytes);
    }

    public static int version(String address) {
        return address.indexOf(':') >= 0 ? 6 : 4;
    }

    /** The address as a number. */
    public static BigInteger number(String address) {
        byte[] bytes = bytes(address);
        if (bytes == null) {
            throw new IllegalArgumentException("no address: " + address);
        }
        return new BigInteger(1, bytes);
    }

    public static String of(BigInteger number, int version) {
        byte[] raw = number.toByteArray();
        byte[] bytes = new byte[version == 4 ? 4 : 16];
        for (int i = 0; i < bytes.length && i < raw.length; i++) {
            bytes[bytes.length - 1 - i] = raw[raw.length - 1 - i];
        }
        return show(bytes);
    }

    static byte @Nullable [] bytes(String text) {
        boolean six = text.indexOf(':') >= 0;
        if (six ? !IPV6.matcher(text).matches() : !IPV4.matcher(text).matches()) {
            return null;
        }
        try {
            // Both patterns admit literals only, so that no name is ever looked up.
            InetAddress address = InetAddress.getByName(text);
            if (six && address instanceof Inet4Address four) {
                return mapped(four.getAddress());
            }
            return address.getAddress();
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private static byte[] mapped(byte[] four) {
        byte[] bytes = new byte[16];
        bytes[10] = (byte) 0xff;
        bytes[11] = (byte) 0xff;
        System.arraycopy(four, 0, bytes, 12, 4);
        return bytes;
    }

    static String show(byte[] bytes) {
        if (bytes.length == 4) {
            return (bytes[0] & 0xff) + "." + (bytes[1] & 0xff) + "." + (bytes[2] & 0xff) + "." + (bytes[3] & 0xff);
        }
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = ((bytes[2 * i] & 0xff) << 8) | (bytes[2 * i + 1] & 0xff);
        }
        return show(groups);
    }

    /** The longest run of two or more zero groups, the first of equals, becomes {@code ::}. */
    private static String show(int[] groups) {
        int start = -1;
        int length = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - i > length) {
                start = i;
                length = end - i;
            }
            i = Math.max(i, end - 1);
        }
        if (start < 0) {
            return join(groups, 0, 8);
        }
        return join(groups, 0, start) + "::" + join(groups, start + length, 8);
    }

    private static String join(int[] groups, int from, int to) {
        List<String> parts = new ArrayList<>();
        for (int i = from; i < to; i++) {
            parts.add(Integer.toHexString(groups[i]));
        }
        return String.join(":", parts);
    }

    /** The address that stateless autoconfiguration gives to a device (RFC 4291, appendix A). */
    public static String eui64(Cidr prefix, String mac) {
        String[] parts = mac.split(":");
        int[] b = new int[6];
        for (int i = 0; i < 6; i++) {
            b[i] = Integer.parseInt(parts[i], 16);
        }
        int[] id = {b[0] ^ 2, b[1], b[2], 0xff, 0xfe, b[3], b[4], b[5]};
        BigInteger suffix = BigInteger.ZERO;
        for (int octet : id) {
            suffix = suffix.shiftLeft(8).or(BigInteger.valueOf(octet));
        }
        return of(prefix.first().or(suffix), 6);
    }
}
