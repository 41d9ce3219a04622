package io.nacre.compute;

import io.nacre.compute.image.CachedImage;
import io.nacre.contracts.node.ComputeNode.GuestReport;
import io.nacre.contracts.node.ComputeNode.GuestSpec;
import io.nacre.contracts.node.ComputeNode.HostReport;
import io.nacre.contracts.node.ComputeNode.PowerCommand;
import io.nacre.contracts.node.ComputeNode.PowerState;
import io.nacre.contracts.node.ComputeNode.Vif;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a hypervisor must be able to do. {@link Compute} sees to it that there is one command at a time for each
 * guest, that power commands fit the guest's state, and that a named guest exists where one is needed.
 */
public interface HypervisorDriver extends AutoCloseable {

    /** A guest as it was found at the start, and as it was when it was last looked at. */
    record Adopted(GuestReport now, PowerState before) {}

    HostReport report(String host, String hostIp);

    /**
     * Called once, before anything else: takes up the guests of an earlier run and removes what it left unfinished.
     *
     * @param stirred to be told the id of a guest that something happened to; it returns at once
     */
    List<Adopted> adopt(Consumer<String> stirred);

    /** The guest's state as it is now; null for a guest that is not here. */
    @Nullable
    GuestReport find(String guestId);

    /**
     * @param image null when the guest has none
     * @throws io.nacre.base.FaultException conflict for a guest that is here with another specification; whatever the
     *     fault, nothing of a new guest is left
     */
    GuestReport spawn(GuestSpec spec, @Nullable CachedImage image);

    /** Leaves nothing of the guest, also of one that was never finished. */
    void destroy(String guestId);

    GuestReport power(PowerCommand command);

    GuestReport attach(String guestId, Vif vif);

    GuestReport detach(String guestId, Vif vif);

    /** @param lines how many of the last lines; null for all that is kept */
    String consoleLog(String guestId, @Nullable Integer lines);

    /** The unix socket of the guest's screen or serial line. */
    Path console(String guestId, String protocol);

    /** Identifiers of the images that guests here still read from. */
    Set<String> imagesInUse();

    /** Lets go of the guests, which go on running. */
    @Override
    void close();
}
