package io.nacre.nova.server;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Ids;
import io.nacre.base.Tx;
import io.nacre.contracts.node.ComputeNode;
import io.nacre.contracts.peer.Images;
import io.nacre.contracts.peer.Networks;
import io.nacre.nova.NumberStore;
import io.nacre.nova.flavor.Flavor;
import io.nacre.nova.flavor.FlavorStore;
import io.nacre.nova.host.ComputeHost;
import io.nacre.nova.host.HostStore;
import io.nacre.nova.host.Zones;
import io.nacre.nova.keypair.Keypair;
import io.nacre.nova.keypair.KeypairStore;
import io.nacre.nova.server.action.ServerCreate;
import io.nacre.nova.server.action.ServerSagas;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks what a create asks for and makes the rows, in the one transaction that also starts their sagas. */
public final class ServerLaunch {
    private static final long GIB = 1L << 30;
    private static final int RESERVATION_LENGTH = 8;
    private static final int MAX_HOSTNAME = 63;
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

    private final ServerSagas base;
    private final ServerCreate create;
    private final FlavorStore flavors;
    private final KeypairStore keypairs;
    private final TagStore tags;
    private final Rules rules;
    private final Ids ids;

    /** What the cloud as a whole says to a new server. */
    public record Rules(Zones zones, Groups groups) {}

    ServerLaunch(
            ServerSagas base,
            ServerCreate create,
            FlavorStore flavors,
            KeypairStore keypairs,
            TagStore tags,
            Rules rules,
            Ids ids) {
        this.base = base;
        this.create = create;
        this.flavors = flavors;
        this.keypairs = keypairs;
        this.tags = tags;
        this.rules = rules;
        this.ids = ids;
    }

    /**
     * Where the servers shall go.
     *
     * @param forced named in the zone, as zone:host:node, which operators may
     */
    record Destination(
            @Nullable String zone,
            @Nullable String host,
            @Nullable String node,
            boolean forced) {

        static Destination of(NewServer wanted) {
            String text = wanted.zone();
            if (text == null || !text.contains(":")) {
                return new Destination(text, wanted.host(), wanted.node(), false);
            }
            String[] parts = text.split(":", -1);
            if (parts.length > 3) {
                throw Fault.invalid("Unable to parse availability_zone. The format is zone:host:node");
            }
            if (wanted.host() != null || wanted.node() != null) {
                throw Fault.invalid("One mechanism with host and/or hypervisor_hostname and another mechanism with"
                        + " zone:host:node are mutually exclusive.");
            }
            String node = parts.length == 3 ? emptyToNull(parts[2]) : null;
            return new Destination(emptyToNull(parts[0]), emptyToNull(parts[1]), node, true);
        }

        private static @Nullable String emptyToNull(String text) {
            return text.isEmpty() ? null : text;
        }
    }

    /** @param zeroDisk whether a flavor without a disk may be booted from an image */
    List<Server> launch(Tx tx, Caller caller, NewServer wanted, Destination destination, boolean zeroDisk) {
        String project = caller.requireProject();
        Flavor flavor = flavors.require(tx, wanted.flavorId(), caller.isAdmin() ? null : project);
        Images.Image image = image(tx, caller, wanted, flavor, zeroDisk);
        base.quotas().requireMetadata(tx, project, wanted.metadata().size());
        Keypair key = key(tx, caller, wanted.keyName());
        requireDestination(tx, destination);
        if (!wanted.securityGroups().isEmpty()) {
            base.networks().requireSecurityGroups(tx, caller, wanted.securityGroups());
        }
        List<Networks.Wish> interfaces = interfaces(tx, caller, wanted);
        int count = reserve(tx, project, wanted, flavor);
        String reservation = reservation();
        long number = NumberStore.take(tx, "server", count);
        List<Server> made = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Server server = server(caller, wanted, destination, flavor, image, key, number + i, i, reservation);
            base.servers().create(tx, server);
            wanted.tags().forEach(tag -> tags.add(tx, server.id(), tag));
            joinGroup(tx, caller, server, wanted);
            create.start(
                    tx, caller, server, interfaces, wanted.securityGroups(), destination.host(), destination.node());
            made.add(server);
        }
        return made;
    }

    private void joinGroup(Tx tx, Caller caller, Server server, NewServer wanted) {
        if (wanted.hints().get("group") instanceof String group) {
            rules.groups().join(tx, caller, server, group);
        }
    }

    /** As many as the quota allows, but not fewer than the least that will do. */
    private int reserve(Tx tx, String project, NewServer wanted, Flavor flavor) {
        for (int count = wanted.most(); ; count--) {
            try {
                base.quotas().reserve(tx, project, flavor, count);
                return count;
            } catch (FaultException e) {
                if (!e.is(Fault.Kind.QUOTA_EXCEEDED) || count <= wanted.least()) {
                    throw e;
                }
            }
        }
    }

    private List<Networks.Wish> interfaces(Tx tx, Caller caller, NewServer wanted) {
        List<Networks.Wish> asked = wanted.interfaces();
        if (asked != null && asked.isEmpty()) {
            return List.of();
        }
        List<Networks.Wish> found = base.networks().resolve(tx, caller, asked == null ? List.of() : asked);
        if (found.isEmpty() && wanted.insistOnNetwork()) {
            throw Fault.invalid("Unable to automatically allocate a network for project " + caller.requireProject());
        }
        return found;
    }

    private Images.@Nullable Image image(Tx tx, Caller caller, NewServer wanted, Flavor flavor, boolean zeroDisk) {
        if (wanted.imageId() == null) {
            throw Fault.invalid("Invalid imageRef provided.");
        }
        Images.Image image;
        try {
            image = base.images().find(tx, caller, wanted.imageId());
        } catch (FaultException e) {
            throw e.is(Fault.Kind.NOT_FOUND)
                    ? Fault.invalid("Can not find requested image").because(e)
                    : e;
        }
        requireFit(image, flavor);
        if (flavor.diskGiB() == 0 && !zeroDisk) {
            throw Fault.forbidden("Only volume-backed servers are allowed for flavors with zero disk.");
        }
        return image;
    }

    static void requireFit(Images.Image image, Flavor flavor) {
        if (!image.status().equals("active")) {
            throw Fault.invalid("Image " + image.id() + " is not active.");
        }
        if (flavor.ramMiB() < image.minRamMiB()) {
            throw Fault.invalid("Flavor's memory is too small for requested image.");
        }
        if (flavor.diskGiB() == 0) {
            return;
        }
        long disk = flavor.diskGiB() * GIB;
        Long needed = image.virtualSize() != null ? image.virtualSize() : image.size();
        if (needed != null && needed > disk) {
            throw Fault.invalid("Flavor's disk is too small for requested image. Flavor disk is " + disk
                    + " bytes, image is " + needed + " bytes.");
        }
        if (flavor.diskGiB() < image.minDiskGiB()) {
            throw Fault.invalid(
                    "Flavor's disk is smaller than the minimum size specified in image metadata. Flavor disk" + " is "
                            + disk + " bytes, minimum size is " + image.minDiskGiB() * GIB + " bytes.");
        }
    }

    private @Nullable Keypair key(Tx tx, Caller caller, @Nullable String name) {
        if (name == null) {
            return null;
        }
        return keypairs.find(tx, caller.requireUser(), name)
                .orElseThrow(() -> Fault.invalid("Invalid key_name provided."));
    }

    private void requireDestination(Tx tx, Destination destination) {
        if (destination.zone() == null && destination.host() == null && destination.node() == null) {
            return;
        }
        List<ComputeHost> hosts = base.hosts().all(tx);
        if (destination.host() != null
                && hosts.stream().noneMatch(host -> host.host().equals(destination.host()))) {
            throw Fault.invalid("Compute host " + destination.host() + " could not be found.");
        }
        if (destination.node() != null
                && hosts.stream().noneMatch(host -> host.hypervisorHostname().equals(destination.node()))) {
            throw Fault.invalid("Compute host " + destination.node() + " could not be found.");
        }
        List<String> names = hosts.stream().map(ComputeHost::host).toList();
        if (destination.zone() != null
                && !destination.zone().equals(HostStore.DEFAULT_ZONE)
                && !rules.zones().of(tx, names).containsValue(destination.zone())) {
            throw Fault.invalid("The requested availability zone is not available");
        }
    }

    private Server server(
            Caller caller,
            NewServer wanted,
            Destination destination,
            Flavor flavor,
            Images.@Nullable Image image,
            @Nullable Keypair key,
            long number,
            int index,
            String reservation) {
        String id = ids.uuid();
        String name = wanted.most() > 1 ? wanted.name() + "-" + (index + 1) : wanted.name();
        Instant now = base.clock().instant();
        return new Server(
                id,
                number,
                0,
                caller.requireProject(),
                caller.requireUser(),
                name,
                wanted.description(),
                wanted.hostname() != null ? wanted.hostname() : hostname(name, id),
                VmState.BUILDING,
                TaskState.SCHEDULING,
                ComputeNode.PowerState.NOSTATE,
                null,
                new Server.Source(wanted.imageId(), image == null ? Map.of() : image.properties()),
                flavor,
                new Server.Login(
                        wanted.keyName(),
                        key == null ? null : key.publicKey(),
                        wanted.userData(),
                        wanted.configDrive()),
                new Server.Wishes(
                        destination.zone(),
                        wanted.hints(),
                        wanted.autoDiskConfig(),
                        wanted.accessIpV4(),
                        wanted.accessIpV6()),
                reservation,
                index,
                null,
                wanted.metadata(),
                null,
                now,
                now,
                null,
                null,
                null);
    }

    /** A name that can stand in DNS, made from any name; as the original's sanitize_hostname. */
    static String hostname(String name, String id) {
        String plain = name.replaceAll("[ _]", "-")
                .replaceAll("[^A-Za-z0-9.-]+", "")
                .toLowerCase(Locale.ROOT)
                .replace('.', '-')
                .replaceAll("^[.-]+|[.-]+$", "");
        String found = plain.isEmpty() ? "server-" + id : plain;
        return found.length() <= MAX_HOSTNAME
                ? found
                : found.substring(0, MAX_HOSTNAME).replaceAll("-+$", "");
    }

    private String reservation() {
        StringBuilder text = new StringBuilder("r-");
        for (int i = 0; i < RESERVATION_LENGTH; i++) {
            text.append(LETTERS.charAt(ids.random().nextInt(LETTERS.length())));
        }
        return text.toString();
    }
}
