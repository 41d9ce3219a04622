package io.nacre.glance.data;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.glance.GlanceErrors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One range of bytes (RFC 9110, section 14), also in the form of Content-Range that older clients ask with. */
record ByteRange(long first, long last) {
    private static final Pattern RANGE = Pattern.compile("(?i)bytes\\s*=\\s*(\\d{0,18})\\s*-\\s*(\\d{0,18})");
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes\\s+(\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");

    long length() {
        return last - first + 1;
    }

    /** Null when the whole is wanted; faults with RANGE_NOT_SATISFIABLE, INVALID for several ranges. */
    static @Nullable ByteRange of(@Nullable String range, @Nullable String contentRange, long size) {
        if (range != null) {
            return ofRange(range, size);
        }
        return contentRange == null ? null : ofContentRange(contentRange, size);
    }

    private static ByteRange ofRange(String range, long size) {
        if (range.contains(",")) {
            throw Fault.invalid("Requests with multiple ranges are not supported in Glance. You may make multiple"
                    + " single-range requests instead.");
        }
        Matcher parts = RANGE.matcher(range.strip());
        if (!parts.matches() || (parts.group(1).isEmpty() && parts.group(2).isEmpty())) {
            throw invalid("Range");
        }
        if (parts.group(1).isEmpty()) {
            return from(Math.max(0, size - Long.parseLong(parts.group(2))), size - 1, "Range", size);
        }
        long first = Long.parseLong(parts.group(1));
        long last = parts.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(parts.group(2));
        if (first > last) {
            throw invalid("Range");
        }
        return from(first, Math.min(last, size - 1), "Range", size);
    }

    private static ByteRange ofContentRange(String range, long size) {
        Matcher parts = CONTENT_RANGE.matcher(range.strip());
        if (!parts.matches()) {
            throw invalid("Content-Range");
        }
        long first = Long.parseLong(parts.group(1));
        long last = Long.parseLong(parts.group(2));
        if (first > last) {
            throw invalid("Content-Range");
        }
        if (parts.group(3).equals("*") && last >= size) {
            throw unsatisfiable("Invalid stop position in Content-Range header. The stop position MUST be in the"
                    + " inclusive range [0, " + (size - 1) + "].");
        }
        return from(first, Math.min(last, size - 1), "Content-Range", size);
    }

    private static ByteRange from(long first, long last, String header, long size) {
        if (first >= size) {
            throw unsatisfiable("Invalid start position in " + header
                    + " header. Start position MUST be in the inclusive range [0, " + (size - 1) + "].");
        }
        return new ByteRange(first, last);
    }

    private static FaultException invalid(String header) {
        return unsatisfiable("Invalid " + header + " header.");
    }

    private static FaultException unsatisfiable(String detail) {
        return GlanceErrors.detailed(Fault.Kind.RANGE_NOT_SATISFIABLE, detail);
    }
}
