package io.nacre.config;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of memory or disk, written with its unit: {@code "512 B"}, {@code "64 MiB"}.
 *
 * @param count in bytes, never negative
 */
public record Bytes(long count) {
    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");
    private static final Pattern FORM = Pattern.compile("(\\d{1,18}) ?(B|KiB|MiB|GiB|TiB)");

    public Bytes {
        if (count < 0) {
            throw new IllegalArgumentException("a size is not negative");
        }
    }

    public static Bytes ofKiB(long count) {
        return new Bytes(Math.multiplyExact(count, 1L << 10));
    }

    public static Bytes ofMiB(long count) {
        return new Bytes(Math.multiplyExact(count, 1L << 20));
    }

    public static Bytes ofGiB(long count) {
        return new Bytes(Math.multiplyExact(count, 1L << 30));
    }

    /** @throws IllegalArgumentException when the text is not a size */
    public static Bytes parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new IllegalArgumentException("not a size");
        }
        long unit = 1L << (10 * UNITS.indexOf(form.group(2)));
        try {
            return new Bytes(Math.multiplyExact(Long.parseLong(form.group(1)), unit));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("too large", e);
        }
    }

    /** In the largest unit that leaves no remainder, so that {@link #parse} gives the same again. */
    @Override
    public String toString() {
        long left = count;
        int unit = 0;
        while (left != 0 && left % 1024 == 0 && unit < UNITS.size() - 1) {
            left /= 1024;
            unit++;
        }
        return left + " " + UNITS.get(unit);
    }
}
