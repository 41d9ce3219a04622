package io.nacre.keystone.limit;

import java.util.Locale;

/** How the limits of projects and those above them go together. */
public enum LimitModel {
    /** Each limit stands for itself. */
    FLAT("Limit enforcement and validation does not take project hierarchy into consideration.", 5),
    /** No project may have more than its domain. */
    STRICT_TWO_LEVEL("This model requires project hierarchy never exceeds a depth of two", 2);

    private final String description;
    private final int deepest;

    LimitModel(String description, int deepest) {
        this.description = description;
        this.deepest = deepest;
    }

    String shownName() {
        return name().toLowerCase(Locale.ROOT);
    }

    String description() {
        return description;
    }

    /** How many may stand above a project, its domain among them. */
    public int deepest() {
        return deepest;
    }
}
