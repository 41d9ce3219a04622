package io.nacre.glance.data;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One range of bytes (RFC 9110, section 14), also in the form of Content-Range that older clients ask with. */
record ByteRange(long first, long last) {
    private static final Pattern RANGE = Pattern.compile("bytes\\s*=\\s*(\\d{0,18})\\s*-\\s*(\\d{0,18})");
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes\\s+(\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");

    long length() {
        return last - first + 1;
    }

    /** Null when the whole is wanted; faults with RANGE_NOT_SATISFIABLE, INVALID for several ranges. */
    static @Nullable ByteRange of(@Nullable String range, @Nullable String contentRange, long size) {
        if (range != null) {
            if (range.contains(",")) {
                throw Fault.invalid("Requests with multiple ranges are not supported in Glance. You may make multiple"
                        + " single-range requests instead.");
            }
            Matcher parts = RANGE.matcher(range.strip());
            if (!parts.matches() || (parts.group(1).isEmpty() && parts.group(2).isEmpty())) {
                throw unsatisfiable(range);
            }
            if (parts.group(1).isEmpty()) {
                long suffix = Long.parseLong(parts.group(2));
                return within(Math.max(0, size - suffix), size - 1, size, range);
            }
            long last = parts.group(2).isEmpty() ? size - 1 : Long.parseLong(parts.group(2));
            return within(Long.parseLong(parts.group(1)), Math.min(last, size - 1), size, range);
        }
        if (contentRange != null) {
            Matcher parts = CONTENT_RANGE.matcher(contentRange.strip());
            if (!parts.matches()
                    || (!parts.group(3).equals("*") && Long.parseLong(parts.group(3)) != size)
                    || Long.parseLong(parts.group(2)) >= size) {
                throw unsatisfiable(contentRange);
            }
            return within(Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2)), size, contentRange);
        }
        return null;
    }

    private static ByteRange within(long first, long last, long size, String asked) {
        if (first > last || first >= size) {
            throw unsatisfiable(asked);
        }
        return new ByteRange(first, last);
    }

    private static FaultException unsatisfiable(String asked) {
        return Fault.of(
                Fault.Kind.RANGE_NOT_SATISFIABLE, "RangeNotSatisfiable", "Range " + asked + " is not satisfiable.");
    }
}
