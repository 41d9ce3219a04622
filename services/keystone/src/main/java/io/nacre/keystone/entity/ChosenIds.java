package io.nacre.keystone.entity;

import io.nacre.base.Fault;
import io.nacre.http.Request;

/** Identifiers that clients choose, as paths name them. */
public final class ChosenIds {
    private static final int LONGEST = 64;

    private ChosenIds() {}

    /** Of something that is about to be made: faults with INVALID when it cannot be kept. */
    public static String of(Request request, String parameter) {
        String id = request.param(parameter);
        if (id.length() > LONGEST) {
            throw Fault.invalid("Invalid input for field 'id': it is longer than " + LONGEST + " characters.");
        }
        return id;
    }
}
