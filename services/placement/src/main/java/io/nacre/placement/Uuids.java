package io.nacre.placement;

import io.nacre.base.Fault;
import java.util.Locale;
import java.util.regex.Pattern;

/** Identifiers that clients choose: with or without dashes, in either case. */
public final class Uuids {
    /** For schemas. */
    public static final String PATTERN = "^[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}$";

    private static final Pattern COMPILED = Pattern.compile(PATTERN);

    private Uuids() {}

    /** The text as it is; faults with INVALID that names the parameter when it is no UUID. */
    public static String require(String parameter, String text) {
        if (!COMPILED.matcher(text).matches()) {
            throw Fault.invalid("Invalid query string parameters: Expected '" + parameter
                    + "' parameter to contain valid UUID(s). Got: " + text);
        }
        return text;
    }

    /** The usual form, in lower case with dashes, of a text that matches. */
    public static String canonical(String text) {
        String digits = text.replace("-", "").toLowerCase(Locale.ROOT);
        return String.join(
                "-",
                digits.substring(0, 8),
                digits.substring(8, 12),
                digits.substring(12, 16),
                digits.substring(16, 20),
                digits.substring(20));
    }
}
