package io.nacre.nova.server;

import static io.nacre.nova.server.VmState.ACTIVE;
import static io.nacre.nova.server.VmState.ERROR;
import static io.nacre.nova.server.VmState.PAUSED;
import static io.nacre.nova.server.VmState.STOPPED;
import static io.nacre.nova.server.VmState.SUSPENDED;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The one table of what may be done to a server in which state, and what comes of it.
 *
 * <p>Source: the {@code check_instance_state} guards of nova/compute/api.py, 2024.1. Unless it says otherwise an
 * action is refused while another one is going on.
 */
@SuppressWarnings("ImmutableEnumChecker") // the sets are only read
public enum ServerState {
    START("start", EnumSet.of(STOPPED), Set.of(), TaskState.POWERING_ON, ACTIVE),
    STOP("stop", EnumSet.of(ACTIVE, ERROR), Set.of(), TaskState.POWERING_OFF, STOPPED),
    REBOOT_SOFT("reboot", EnumSet.of(ACTIVE), Set.of(), TaskState.REBOOTING, ACTIVE),
    REBOOT_HARD(
            "reboot",
            EnumSet.of(ACTIVE, STOPPED, PAUSED, SUSPENDED, ERROR),
            EnumSet.of(
                    TaskState.REBOOTING,
                    TaskState.REBOOTING_HARD,
                    TaskState.RESUMING,
                    TaskState.UNPAUSING,
                    TaskState.PAUSING,
                    TaskState.SUSPENDING),
            TaskState.REBOOTING_HARD,
            ACTIVE),
    PAUSE("pause", EnumSet.of(ACTIVE), Set.of(), TaskState.PAUSING, PAUSED),
    UNPAUSE("unpause", EnumSet.of(PAUSED), Set.of(), TaskState.UNPAUSING, ACTIVE),
    SUSPEND("suspend", EnumSet.of(ACTIVE), Set.of(), TaskState.SUSPENDING, SUSPENDED),
    RESUME("resume", EnumSet.of(SUSPENDED), Set.of(), TaskState.RESUMING, ACTIVE),
    REBUILD("rebuild", EnumSet.of(ACTIVE, STOPPED, ERROR), Set.of(), TaskState.REBUILDING, ACTIVE),
    SNAPSHOT("createImage", EnumSet.of(ACTIVE, STOPPED, PAUSED, SUSPENDED), Set.of(), TaskState.IMAGE_SNAPSHOT, ACTIVE),
    CHANGE_PASSWORD("changePassword", EnumSet.of(ACTIVE), Set.of(), TaskState.UPDATING_PASSWORD, ACTIVE),
    ATTACH_INTERFACE("attach_interface", EnumSet.of(ACTIVE, PAUSED, STOPPED), Set.of(), null, ACTIVE),
    DETACH_INTERFACE("detach_interface", EnumSet.of(ACTIVE, PAUSED, STOPPED), Set.of(), null, ACTIVE),
    UPDATE_METADATA("update metadata", EnumSet.of(ACTIVE, PAUSED, SUSPENDED, STOPPED), Set.of(), null, ACTIVE),
    DELETE_METADATA("delete metadata", EnumSet.of(ACTIVE, PAUSED, SUSPENDED, STOPPED), Set.of(), null, ACTIVE),
    DIAGNOSE("get_diagnostics", EnumSet.of(ACTIVE, PAUSED, SUSPENDED), Set.of(), null, ACTIVE);

    private final String wire;
    private final Set<VmState> from;
    private final Set<TaskState> during;
    private final @Nullable TaskState meanwhile;
    private final VmState after;

    ServerState(String wire, Set<VmState> from, Set<TaskState> during, @Nullable TaskState meanwhile, VmState after) {
        this.wire = wire;
        this.from = from;
        this.during = during;
        this.meanwhile = meanwhile;
        this.after = after;
    }

    /** The action's name in what a refused caller reads. */
    public String wire() {
        return wire;
    }

    /** What the server shows while it goes on. */
    public TaskState meanwhile() {
        if (meanwhile == null) {
            throw new IllegalStateException(this + " is done at once");
        }
        return meanwhile;
    }

    /** What the server is when it has gone well. */
    public VmState after() {
        return after;
    }

    /** Faults with CONFLICT, worded as the original, when the server's state forbids the action. */
    public void require(Server server) {
        if (!from.contains(server.vmState())) {
            throw refused(server, wire, "vm_state " + server.vmState().wire());
        }
        TaskState going = server.taskState();
        if (going != null && !during.contains(going)) {
            throw refused(server, wire, "task_state " + going.wire());
        }
        if (this == STOP && server.launchedAt() == null) {
            throw Fault.conflict("Cannot '" + wire + "' an instance which has never been active");
        }
    }

    public static FaultException refused(Server server, String action, String state) {
        return Fault.conflict("Cannot '" + action + "' instance " + server.id() + " while it is in " + state);
    }
}
