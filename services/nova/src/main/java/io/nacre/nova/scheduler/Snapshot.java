package io.nacre.nova.scheduler;

import io.nacre.contracts.node.ComputeNode;
import java.util.List;
import java.util.Map;

/**
 * The hosts with room, as they were at one moment.
 *
 * @param hostOfServer where the servers are that the request refers to by a hint
 */
public record Snapshot(List<Host> hosts, Map<String, String> hostOfServer) {

    /**
     * A host that could hold the server.
     *
     * @param providerId its resource provider
     * @param up its agent was heard of in time and it was not disabled
     * @param used what its servers are promised
     */
    public record Host(
            String providerId, String name, String zone, boolean up, ComputeNode.HostReport report, Used used) {

        public long freeRamMiB() {
            return report.memoryMiB() - used.ramMiB();
        }

        public long freeDiskGiB() {
            return report.diskGiB() - used.diskGiB();
        }

        public long freeVcpus() {
            return (long) report.vcpus() - used.vcpus();
        }
    }

    public record Used(int servers, int vcpus, long ramMiB, long diskGiB) {}
}
