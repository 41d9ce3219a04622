package io.nacre.contracts.peer;

import io.nacre.base.Caller;
import io.nacre.base.Tx;
import io.nacre.contracts.node.ComputeNode;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What glance does for other services. */
public interface Images {

    /** An image the caller may see; {@code NotFound} otherwise. */
    Image find(Tx tx, Caller caller, String imageId);

    /**
     * Where a node can fetch the image's data; {@code Conflict} when it is not active. The token in it lives briefly, and
     * may have to be made first: not to be asked in a transaction.
     */
    ComputeNode.ImageSource source(String imageId);

    /**
     * @param status queued, saving, active, deactivated, ...
     * @param minDiskGiB smallest root disk, 0 for any
     * @param minRamMiB smallest memory, 0 for any
     * @param size bytes, null before the data is there
     * @param properties custom properties and those that shape hardware, such as hw_vif_model
     */
    record Image(
            String id,
            @Nullable String name,
            String status,
            String owner,
            @Nullable String diskFormat,
            @Nullable String containerFormat,
            int minDiskGiB,
            int minRamMiB,
            @Nullable Long size,
            @Nullable Long virtualSize,
            @Nullable String checksum,
            Instant createdAt,
            Instant updatedAt,
            Map<String, String> properties) {}
}
