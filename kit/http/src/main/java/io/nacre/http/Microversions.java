package io.nacre.http;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import java.math.BigInteger;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/**
 * The versions a service speaks, and how a client asks for one (API SIG guideline "Microversion Specification").
 *
 * @param type the service type in {@code OpenStack-API-Version: TYPE MAJOR.MINOR}
 * @param legacyHeader the older header that names the version alone; null for none
 */
public record Microversions(String type, @Nullable String legacyHeader, int major, int minimum, int maximum) {
    private static final String HEADER = "OpenStack-API-Version";
    private static final Pattern VERSION = Pattern.compile("([1-9]\\d*)\\.([1-9]\\d*|0)");

    /** The minor version the client asks for; the minimum when it asks for none. */
    int negotiate(HttpFields headers) {
        String wanted = legacyHeader == null ? null : headers.get(legacyHeader);
        for (String header : headers.getValuesList(HEADER)) {
            for (String part : header.split(",")) {
                String[] words = part.trim().split("\\s+");
                if (words.length == 2 && words[0].equalsIgnoreCase(type)) {
                    wanted = words[1];
                }
            }
        }
        if (wanted == null || wanted.isBlank()) {
            return minimum;
        }
        String version = wanted.trim();
        if (version.equals("latest")) {
            return maximum;
        }
        Matcher matcher = VERSION.matcher(version);
        if (!matcher.matches() || version.length() > 20) {
            throw Fault.invalid(
                    "API Version String " + version + " is of invalid format. Must be of format MajorNum.MinorNum.");
        }
        int minor = new BigInteger(matcher.group(2))
                .min(BigInteger.valueOf(1_000_000))
                .intValue();
        if (!matcher.group(1).equals(Integer.toString(major)) || minor < minimum || minor > maximum) {
            throw new FaultException(new Fault(
                    Fault.Kind.NOT_ACCEPTABLE,
                    "NotAcceptable",
                    "Version " + version + " is not supported by the API. Minimum is " + major + "." + minimum
                            + " and maximum is " + major + "." + maximum + ".",
                    Map.of("min_version", major + "." + minimum, "max_version", major + "." + maximum)));
        }
        return minor;
    }

    /** Says in the answer which version it is in. */
    void tell(Response response, int minor) {
        String version = major + "." + minor;
        response.header(HEADER, type + " " + version);
        if (legacyHeader == null) {
            response.header("Vary", HEADER);
        } else {
            response.header(legacyHeader, version);
            response.header("Vary", HEADER + ", " + legacyHeader);
        }
    }
}
