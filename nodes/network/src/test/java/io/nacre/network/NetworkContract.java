package io.nacre.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.contracts.node.NetworkNode.Inventory;
import io.nacre.contracts.node.NetworkNode.NetworkSpec;
import io.nacre.contracts.node.NetworkNode.Plugged;
import io.nacre.contracts.node.NetworkNode.PortSpec;
import io.nacre.contracts.node.NetworkNode.Ref;
import io.nacre.contracts.node.NetworkNode.RouterLeg;
import io.nacre.contracts.node.NetworkNode.RouterSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds for every driver. */
abstract class NetworkContract {
    @TempDir
    Path state;

    private Network network;

    abstract Network start(Path directory);

    /** Makes the port's device vanish without the agent's knowledge. */
    abstract void lose(Network agent, String portId);

    @BeforeEach
    void startAgent() {
        network = start(state);
    }

    @AfterEach
    void purge() {
        network.purge();
        network.close();
    }

    private void restart() {
        network.close();
        network = start(state);
    }

    private static List<String> ids(List<Ref> refs) {
        return refs.stream().map(Ref::id).toList();
    }

    @Test
    void nothingIsThereAtFirst() {
        assertThat(network.inventory()).isEqualTo(new Inventory(List.of(), List.of(), List.of()));
    }

    @Test
    void whatWasAppliedIsInTheInventoryUntilItIsRemoved() {
        NetworkSpec net = Specs.network(1, 1);
        network.applyNetwork(net);
        Plugged plugged = network.applyPort(Specs.port(2, 1, net, "10.0.0.5"));

        assertThat(plugged.portId()).isEqualTo(Specs.id(2));
        assertThat(plugged.device()).isEqualTo("tap" + Specs.id(2).substring(0, 11));
        assertThat(plugged.mtu()).isEqualTo(Specs.MTU);
        assertThat(ids(network.inventory().networks())).containsExactly(Specs.id(1));
        assertThat(ids(network.inventory().ports())).containsExactly(Specs.id(2));

        network.removePort(new Ref(Specs.id(2)));
        network.removeNetwork(new Ref(Specs.id(1)));
        assertThat(network.inventory()).isEqualTo(new Inventory(List.of(), List.of(), List.of()));
    }

    @Test
    void commandsCanBeRepeated() {
        NetworkSpec net = Specs.network(1, 1);
        PortSpec port = Specs.port(2, 1, net, "10.0.0.5");
        for (int i = 0; i < 2; i++) {
            network.applyNetwork(net);
            network.applyPort(port);
        }
        assertThat(ids(network.inventory().ports())).containsExactly(port.id());
        for (int i = 0; i < 2; i++) {
            network.removePort(new Ref(port.id()));
            network.removeNetwork(new Ref(net.id()));
        }
        assertThat(network.inventory()).isEqualTo(new Inventory(List.of(), List.of(), List.of()));
    }

    @Test
    void olderDeclarationOfPortIsIgnored() {
        NetworkSpec net = Specs.network(1, 1);
        network.applyNetwork(net);
        PortSpec newer = Specs.port(2, 5, net, "10.0.0.5");
        network.applyPort(newer);
        PortSpec older =
                new PortSpec(newer.id(), 4, net.id(), newer.mac(), newer.addresses(), List.of(), 1280, true, null);

        assertThat(network.applyPort(older).mtu()).isEqualTo(Specs.MTU);
    }

    @Test
    void lateDeclarationDoesNotUndoRemoval() {
        NetworkSpec net = Specs.network(1, 1);
        network.applyNetwork(net);
        PortSpec port = Specs.port(2, 4, net, "10.0.0.5");
        network.applyPort(port);
        network.removePort(new Ref(port.id(), 7));

        assertThatThrownBy(() -> network.applyPort(Specs.port(2, 6, net, "10.0.0.5")))
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault().kind()).isEqualTo(Fault.Kind.CONFLICT));
        assertThat(network.inventory().ports()).isEmpty();
        network.applyPort(Specs.port(2, 8, net, "10.0.0.5"));
        assertThat(network.inventory().ports()).containsExactly(new Ref(port.id()));
    }

    @Test
    void lateRemovalDoesNotUndoDeclaration() {
        NetworkSpec net = Specs.network(1, 5);
        network.applyNetwork(net);
        PortSpec port = Specs.port(2, 5, net, "10.0.0.5");
        network.applyPort(port);
        network.removePort(new Ref(port.id(), 4));
        network.removeNetwork(new Ref(net.id(), 4));
        assertThat(network.inventory().ports()).containsExactly(new Ref(port.id()));
        network.removePort(new Ref(port.id()));
        assertThat(network.inventory().ports()).isEmpty();
    }

    @Test
    void portOfUnknownNetworkIsConflict() {
        assertThatThrownBy(() -> network.applyPort(Specs.port(2, 1, Specs.network(1, 1), "10.0.0.5")))
                .isInstanceOfSatisfying(
                        FaultException.class,
                        e -> assertThat(e.is(Fault.Kind.CONFLICT)).isTrue());
        assertThat(network.inventory().ports()).isEmpty();
    }

    @Test
    void networkTakesItsPortsWithIt() {
        NetworkSpec net = Specs.network(1, 1);
        network.applyNetwork(net);
        network.applyPort(Specs.port(2, 1, net, "10.0.0.5"));
        network.removeNetwork(new Ref(net.id()));

        assertThat(network.inventory()).isEqualTo(new Inventory(List.of(), List.of(), List.of()));
    }

    @Test
    void malformedDeclarationsAreRefused() {
        NetworkSpec net = Specs.network(1, 1);
        network.applyNetwork(net);
        assertThatThrownBy(() -> network.applyPort(Specs.port(2, 1, net, "10.0.0.5; flush ruleset")))
                .isInstanceOfSatisfying(
                        FaultException.class,
                        e -> assertThat(e.is(Fault.Kind.INVALID)).isTrue());
        assertThatThrownBy(() -> network.removePort(new Ref("../../etc/passwd")))
                .isInstanceOf(FaultException.class);
        assertThat(network.inventory().ports()).isEmpty();
    }

    @Test
    void restartAdoptsWhatIsThere() {
        NetworkSpec net = Specs.network(1, 1);
        network.applyNetwork(net);
        network.applyPort(Specs.port(2, 7, net, "10.0.0.5"));
        Inventory before = network.inventory();
        restart();

        assertThat(network.inventory()).isEqualTo(before);
        PortSpec older = Specs.port(2, 6, net, "10.0.0.66");
        assertThat(network.applyPort(older).portId()).isEqualTo(older.id());
        network.removePort(new Ref(Specs.id(2)));
        assertThat(network.inventory().ports()).isEmpty();
    }

    @Test
    void lostPortIsMissedAndComesBackWithTheSameDeclaration() {
        NetworkSpec net = Specs.network(1, 1);
        network.applyNetwork(net);
        PortSpec port = Specs.port(2, 1, net, "10.0.0.5");
        network.applyPort(port);
        lose(network, port.id());
        assertThat(network.inventory().ports()).isEmpty();

        network.applyPort(port);
        assertThat(ids(network.inventory().ports())).containsExactly(port.id());
    }

    @Test
    void restartMendsWhatIsLost() {
        NetworkSpec net = Specs.network(1, 1);
        network.applyNetwork(net);
        network.applyPort(Specs.port(2, 1, net, "10.0.0.5"));
        lose(network, Specs.id(2));
        restart();

        assertThat(ids(network.inventory().ports())).containsExactly(Specs.id(2));
    }

    private static RouterSpec withLeg(RouterSpec router, NetworkSpec net) {
        var leg = new RouterLeg(Specs.id(33), net.id(), Specs.mac(33), List.of("10.0.0.1/24"), Specs.MTU);
        return new RouterSpec(router.id(), router.generation(), List.of(leg), null, null, false, Map.of(), List.of());
    }

    @Test
    void routersComeAndGo() {
        NetworkSpec net = Specs.network(1, 1);
        network.applyNetwork(net);
        RouterSpec router = withLeg(Specs.router(3, 1), net);
        network.applyRouter(router);
        network.applyRouter(router);
        assertThat(ids(network.inventory().routers())).containsExactly(router.id());
        restart();
        assertThat(ids(network.inventory().routers())).containsExactly(router.id());
        network.removeRouter(new Ref(router.id()));
        network.removeRouter(new Ref(router.id()));
        assertThat(network.inventory().routers()).isEmpty();
    }

    @Test
    void purgeRemovesAll() {
        NetworkSpec net = Specs.network(1, 1);
        network.applyNetwork(net);
        network.applyPort(Specs.port(2, 1, net, "10.0.0.5"));
        network.applyRouter(withLeg(Specs.router(3, 1), net));
        network.purge();
        assertThatThrownBy(() -> network.applyNetwork(net)).isInstanceOf(FaultException.class);
        restart();

        assertThat(network.inventory()).isEqualTo(new Inventory(List.of(), List.of(), List.of()));
    }
}
