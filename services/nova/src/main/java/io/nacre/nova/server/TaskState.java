package io.nacre.nova.server;

import java.util.Map;

/** What is going on with a server (nova's task_states), and the status it shows meanwhile where that differs. */
@SuppressWarnings("ImmutableEnumChecker") // the maps are only read
public enum TaskState {
    SCHEDULING("scheduling", Map.of()),
    NETWORKING("networking", Map.of()),
    SPAWNING("spawning", Map.of()),
    POWERING_ON("powering-on", Map.of()),
    POWERING_OFF("powering-off", Map.of()),
    REBOOTING("rebooting", Map.of(VmState.ACTIVE, "REBOOT")),
    REBOOTING_HARD(
            "rebooting_hard",
            Map.of(
                    VmState.ACTIVE, "HARD_REBOOT",
                    VmState.STOPPED, "SHUTOFF",
                    VmState.PAUSED, "PAUSED")),
    PAUSING("pausing", Map.of()),
    UNPAUSING("unpausing", Map.of()),
    SUSPENDING("suspending", Map.of()),
    RESUMING("resuming", Map.of()),
    REBUILDING("rebuilding", Map.of(VmState.ACTIVE, "REBUILD", VmState.STOPPED, "REBUILD", VmState.ERROR, "REBUILD")),
    REBUILD_SPAWNING(
            "rebuild_spawning",
            Map.of(VmState.ACTIVE, "REBUILD", VmState.STOPPED, "REBUILD", VmState.ERROR, "REBUILD")),
    IMAGE_SNAPSHOT("image_snapshot", Map.of()),
    IMAGE_UPLOADING("image_uploading", Map.of()),
    UPDATING_PASSWORD("updating_password", Map.of(VmState.ACTIVE, "PASSWORD")),
    DELETING("deleting", Map.of());

    private final String wire;
    private final Map<VmState, String> statuses;

    TaskState(String wire, Map<VmState, String> statuses) {
        this.wire = wire;
        this.statuses = statuses;
    }

    public String wire() {
        return wire;
    }

    /** What a server in this state shows while this goes on. */
    public String status(VmState state) {
        return statuses.getOrDefault(state, state.status());
    }
}
