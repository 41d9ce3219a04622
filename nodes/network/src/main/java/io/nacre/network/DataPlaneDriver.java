package io.nacre.network;

import io.nacre.contracts.node.NetworkNode.DataPlaneReport;
import io.nacre.contracts.node.NetworkNode.Inventory;
import io.nacre.contracts.node.NetworkNode.NetworkSpec;
import io.nacre.contracts.node.NetworkNode.Plugged;
import io.nacre.contracts.node.NetworkNode.PortSpec;
import io.nacre.contracts.node.NetworkNode.RouterSpec;
import java.util.List;
import java.util.Map;

/**
 * A technology that moves packets. Every method describes a wanted state and compares it with what is there, so it
 * may be repeated, and continued after a failure in its middle. The caller has checked the values' form, and never
 * runs two methods at once for the same network, port or router, nor for a network and one of its ports.
 */
public interface DataPlaneDriver extends AutoCloseable {

    DataPlaneReport report();

    /** Called once, before anything else: makes all this so in one go, and removes rules of ports not listed. */
    void adopt(List<Numbered<NetworkSpec>> networks, List<Numbered<PortSpec>> ports, List<RouterSpec> routers);

    void applyNetwork(Numbered<NetworkSpec> network);

    /** A network that is not here is a success. Its ports have been removed before. */
    void removeNetwork(String id);

    Plugged applyPort(Numbered<PortSpec> port, NetworkSpec network);

    void removePort(String id);

    /** @param networks those of the router's legs and gateway, by id */
    void applyRouter(RouterSpec router, Map<String, NetworkSpec> networks);

    void removeRouter(String id);

    /** What is really there, whether or not it was declared. */
    Inventory inventory();

    /** Removes everything this driver ever made on this host, and what guests left behind in it. */
    void purge();

    /** Ends the agent's part only: the data plane keeps running. */
    @Override
    void close();
}
