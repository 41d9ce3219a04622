package io.nacre.nova.server;

import io.nacre.base.Fault;
import io.nacre.base.Tx;

/** How much a project may have. */
public interface Quotas {

    /** Faults with QUOTA_EXCEEDED when the project cannot have this much more. */
    void require(Tx tx, String projectId, String userId, int servers, int vcpus, long ramMiB);

    /** Faults with QUOTA_EXCEEDED when a server may not have so many metadata items. */
    void requireMetadata(Tx tx, String projectId, int items);

    /** The same limits for every project, counted from its servers. */
    record Fixed(ServerStore store, int servers, int vcpus, long ramMiB, int metadataItems) implements Quotas {

        /** The original's defaults. */
        public static Fixed defaults(ServerStore store) {
            return new Fixed(store, 10, 20, 51200, 128);
        }

        @Override
        public void require(Tx tx, String projectId, String userId, int wanted, int cores, long ram) {
            ServerStore.Sum used = store.sumOfProject(tx, projectId);
            check("instances", wanted, used.servers(), servers);
            check("cores", cores, used.vcpus(), vcpus);
            check("ram", ram, used.ramMiB(), ramMiB);
        }

        @Override
        public void requireMetadata(Tx tx, String projectId, int items) {
            if (metadataItems >= 0 && items > metadataItems) {
                throw Fault.quotaExceeded("Maximum number of metadata items exceeds " + metadataItems);
            }
        }

        private static void check(String resource, long wanted, long used, long limit) {
            if (limit >= 0 && used + wanted > limit) {
                throw Fault.quotaExceeded("Quota exceeded for " + resource + ": Requested " + wanted
                        + ", but already used " + used + " of " + limit + " " + resource);
            }
        }
    }
}
