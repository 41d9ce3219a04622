package io.nacre.tasks;

/** The task belongs to another controller now. Whoever finds out stops at once and writes nothing. */
final class TaskLost extends RuntimeException {
    TaskLost(String id) {
        super("task " + id + " was taken over", null, false, false);
    }
}
