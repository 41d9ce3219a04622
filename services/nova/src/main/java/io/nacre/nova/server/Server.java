package io.nacre.nova.server;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.contracts.node.ComputeNode.PowerState;
import io.nacre.nova.flavor.Flavor;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A server.
 *
 * @param number running number, for the name on its host
 * @param generation moves on with every change
 * @param taskState what is going on; null for nothing
 * @param place null until a host was chosen
 * @param reservationId the same for all servers of one request
 * @param launchIndex its place among them, from 0
 * @param lock null when it is not locked
 * @param fault the last thing that went wrong; shown while it is in ERROR
 * @param deletedAt null while it exists
 */
public record Server(
        String id,
        long number,
        long generation,
        String projectId,
        String userId,
        String name,
        @Nullable String description,
        String hostname,
        VmState vmState,
        @Nullable TaskState taskState,
        PowerState powerState,
        @Nullable Place place,
        Source source,
        Flavor flavor,
        Login login,
        Wishes wishes,
        String reservationId,
        int launchIndex,
        @Nullable Lock lock,
        Map<String, String> metadata,
        @Nullable Failure fault,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant launchedAt,
        @Nullable Instant terminatedAt,
        @Nullable Instant deletedAt) {

    /** Where it is. */
    public record Place(String host, String node, String zone) {}

    /**
     * What it booted from.
     *
     * @param imageId null when it boots from a volume
     * @param properties the image's properties at that time, those that shape the hardware among them
     */
    public record Source(@Nullable String imageId, Map<String, String> properties) {}

    /**
     * How its user gets in.
     *
     * @param publicKey a copy: the key pair may be deleted
     * @param userData base64, as it was sent
     */
    public record Login(
            @Nullable String keyName,
            @Nullable String publicKey,
            @Nullable String userData,
            boolean configDrive) {}

    /**
     * What its user wanted of it for good.
     *
     * @param zone the availability zone it must stay in; null for any
     * @param hints for the scheduler, as they were sent
     */
    public record Wishes(
            @Nullable String zone,
            Map<String, Object> hints,
            boolean autoDiskConfig,
            @Nullable String accessIpV4,
            @Nullable String accessIpV6) {}

    /** @param by owner or admin */
    public record Lock(String by, @Nullable String reason) {}

    /** @param details for operators; shown to others only when it was not nova's own fault */
    public record Failure(
            int code, String message, @Nullable String details, Instant createdAt) {}

    /** Its name on the host. */
    public String instanceName() {
        return "instance-%08x".formatted(number);
    }

    public boolean isDeleted() {
        return deletedAt != null;
    }

    public String status() {
        if (isDeleted()) {
            return VmState.DELETED.status();
        }
        return taskState == null ? vmState.status() : taskState.status(vmState);
    }

    public @Nullable String host() {
        return place == null ? null : place.host();
    }

    /** Faults with CONFLICT when it has no host to do something on. */
    public String requireHost(String action) {
        if (place == null) {
            throw Fault.conflict("Instance " + id + " is not ready to '" + action + "': it is on no host yet.");
        }
        return place.host();
    }

    /** Faults with CONFLICT when somebody locked it; operators pass. */
    public void requireUnlocked(Caller caller) {
        if (lock != null && !caller.isAdmin()) {
            throw Fault.conflict("Instance " + id + " is locked");
        }
    }

    /** What a policy rule may look at. */
    public Map<String, String> target() {
        return Map.of("project_id", projectId, "user_id", userId);
    }
}
