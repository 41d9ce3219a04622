package io.nacre.nova.server;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.nova.scheduler.Wanted;
import java.util.List;
import java.util.Optional;

/** The server group of a server, for those who make and place servers. */
public interface Groups {
    /** Makes the server a member of the group that its hint names; {@code Invalid} when there is none. */
    void join(Tx tx, Caller caller, Server server, String groupId);

    /** What the server's group asks of its host. */
    Optional<Wanted.Group> ruleFor(Tx tx, Server server);

    /** The groups that the server is in: one or none. */
    List<String> of(Tx tx, String serverId);

    /** For a cloud without server groups. */
    Groups NONE = new Groups() {
        @Override
        public void join(Tx tx, Caller caller, Server server, String groupId) {
            throw Fault.invalid("Instance group " + groupId + " could not be found.");
        }

        @Override
        public Optional<Wanted.Group> ruleFor(Tx tx, Server server) {
            return Optional.empty();
        }

        @Override
        public List<String> of(Tx tx, String serverId) {
            return List.of();
        }
    };
}
