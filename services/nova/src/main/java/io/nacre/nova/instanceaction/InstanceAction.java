package io.nacre.nova.instanceaction;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.tasks.Tasks;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An action: all tasks that one request started on a server, a second attempt on another host among them.
 *
 * @param message Error when it failed in the end, else null
 */
record InstanceAction(
        String action,
        String requestId,
        Caller caller,
        Instant startedAt,
        Instant updatedAt,
        @Nullable String message,
        List<Event> events) {
    private static final String PREFIX = "server.";

    /**
     * @param result Success or Error; null while it goes on
     * @param details what went wrong
     */
    record Event(
            String name,
            Instant startedAt,
            @Nullable Instant finishedAt,
            @Nullable String result,
            @Nullable String details,
            String host) {}

    /** The actions that a server's tasks come to, newest first. */
    static List<InstanceAction> of(List<Tasks.Timeline> timelines) {
        Map<String, List<Tasks.Timeline>> byRequest = new LinkedHashMap<>();
        for (Tasks.Timeline timeline : timelines) {
            byRequest
                    .computeIfAbsent(timeline.caller().requestId() + " " + timeline.saga(), key -> new ArrayList<>())
                    .add(timeline);
        }
        return byRequest.values().stream().map(InstanceAction::one).toList();
    }

    private static InstanceAction one(List<Tasks.Timeline> tasks) {
        Tasks.Timeline newest = tasks.getFirst();
        Tasks.Timeline oldest = tasks.getLast();
        List<Event> events = new ArrayList<>();
        tasks.forEach(task -> task.journal().forEach(entry -> events.add(event(entry))));
        events.sort(Comparator.comparing(Event::startedAt).reversed());
        String saga = newest.saga();
        return new InstanceAction(
                saga.startsWith(PREFIX) ? saga.substring(PREFIX.length()) : saga,
                newest.caller().requestId(),
                newest.caller(),
                oldest.startedAt(),
                newest.updatedAt(),
                newest.status() == Tasks.Status.FAILED ? "Error" : null,
                events);
    }

    private static Event event(Tasks.Entry entry) {
        Fault fault = entry.fault();
        String result = fault != null ? "Error" : entry.finishedAt() == null ? null : "Success";
        String details = null;
        if (fault != null) {
            Object reason = fault.details().get("reason");
            details = reason == null ? fault.message() : fault.message() + " " + reason;
        }
        return new Event(
                "compute_" + entry.step() + (entry.undo() ? "_undo" : ""),
                entry.startedAt(),
                entry.finishedAt(),
                result,
                details,
                entry.controller());
    }
}
