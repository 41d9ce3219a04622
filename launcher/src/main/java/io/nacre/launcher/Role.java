package io.nacre.launcher;

/** Which parts of a cloud a process holds. */
enum Role {
    /** Both kinds in one process, over the bus within it. */
    ALL,
    CONTROLLER,
    AGENT;

    boolean hasController() {
        return this != AGENT;
    }

    boolean hasAgent() {
        return this != CONTROLLER;
    }
}
