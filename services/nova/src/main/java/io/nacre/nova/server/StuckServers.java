package io.nacre.nova.server;

import io.nacre.base.Caller;
import io.nacre.base.Tx;
import io.nacre.nova.server.action.ServerDelete;
import io.nacre.nova.server.action.ServerSagas;
import io.nacre.tasks.Reconciler;
import io.nacre.tasks.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mends servers that say that something goes on while nothing does. There should be none: each is a defect somewhere
 * and logged as one. A delete begins again, a build has failed, anything else is as if it had not been asked for.
 */
public final class StuckServers implements Reconciler {
    private static final Logger LOG = LoggerFactory.getLogger(StuckServers.class);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final ServerSagas base;
    private final ServerDelete deletion;
    private final Tasks tasks;

    public StuckServers(ServerSagas base, ServerDelete deletion, Tasks tasks) {
        this.base = base;
        this.deletion = deletion;
        this.tasks = tasks;
    }

    @Override
    public String name() {
        return "nova.stuck";
    }

    @Override
    public Duration period() {
        return Duration.ofSeconds(60);
    }

    @Override
    public void run() {
        Instant before = base.clock().instant().minus(PATIENCE);
        List<Server> busy = base.transactions().read(tx -> base.servers().busySince(tx, before));
        for (Server server : busy) {
            base.transactions()
                    .run(tx -> base.servers()
                            .find(tx, server.id())
                            .filter(fresh -> fresh.generation() == server.generation())
                            .filter(fresh -> isStuck(tx, fresh))
                            .ifPresent(fresh -> mend(tx, fresh)));
        }
    }

    private boolean isStuck(Tx tx, Server server) {
        return tasks.timeline(tx, ServerSagas.resource(server.id())).stream()
                .noneMatch(task -> task.status() == Tasks.Status.RUNNING || task.status() == Tasks.Status.UNDOING);
    }

    private void mend(Tx tx, Server server) {
        LOG.error(
                "Server {} was {} with {} going on, but no task works on it",
                server.id(),
                server.vmState(),
                server.taskState());
        Instant now = base.clock().instant();
        if (server.taskState() == TaskState.DELETING) {
            deletion.startAgain(tx, Caller.nacre("req-" + server.id()), server);
        } else if (server.vmState() == VmState.BUILDING) {
            base.placement().release(tx, server.id());
            base.networks().release(tx, server.id());
            base.servers()
                    .change(tx, server, now)
                    .vm(VmState.ERROR)
                    .task(null)
                    .fault(new Server.Failure(500, "The server's build was interrupted.", null, now))
                    .apply();
        } else {
            base.servers().change(tx, server, now).task(null).apply();
        }
    }
}
