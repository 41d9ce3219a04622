package io.nacre.bus;

import java.util.regex.Pattern;

/** Addresses and topics: dotted names that mean the same to every kind of bus. */
final class Names {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");
    /** RabbitMQ's limit for a queue's name is 255 bytes; the rest is for our prefix. */
    private static final int LONGEST = 200;

    private Names() {}

    static String check(String name) {
        if (name.length() > LONGEST || !FORM.matcher(name).matches()) {
            throw new IllegalArgumentException("not an address or topic: " + name);
        }
        return name;
    }
}
