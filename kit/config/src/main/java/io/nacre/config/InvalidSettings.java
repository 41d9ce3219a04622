package io.nacre.config;

import java.util.List;

/** The settings cannot be used; the message lists every problem on a line of its own, ready to be shown. */
public final class InvalidSettings extends RuntimeException {
    private final List<String> problems;

    public InvalidSettings(List<String> problems) {
        super(String.join("\n", problems), null, false, false);
        this.problems = List.copyOf(problems);
    }

    InvalidSettings(String problem) {
        this(List.of(problem));
    }

    public List<String> problems() {
        return problems;
    }
}
