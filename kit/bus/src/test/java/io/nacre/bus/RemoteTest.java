package io.nacre.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Json;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.StringNode;

class RemoteTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final LocalBus bus = new LocalBus();
    private final Contract client = Remote.client(Contract.class, bus, "compute.host1", LONG);

    interface TwoArguments {
        void both(Contract.Word first, Contract.Word second);
    }

    interface NoRecord {
        void put(String text);
    }

    interface Overloaded {
        void put(Contract.Word word);

        void put(Contract.Shouted shouted);
    }

    interface Wider extends Contract {
        void further(Word word);
    }

    @BeforeEach
    void serve() {
        Remote.serve(Contract.class, new Contract.Real(), bus, "compute.host1");
    }

    @AfterEach
    void close() {
        bus.close();
    }

    private static FaultException fault(Runnable body) {
        return catchThrowableOfType(FaultException.class, body::run);
    }

    @Test
    void methodsWithoutArgumentAndWithoutAnswerCrossAsWell() {
        assertThat(client.report().text()).isEqualTo("ready");
        FaultException fault = fault(() -> client.forget(new Contract.Word("x", new byte[0], LONG)));
        assertThat(fault.fault()).isEqualTo(Fault.conflict("I never forget.").fault());
    }

    @Test
    void aCallerMayWaitLongerOrShorterThanTheDefault() {
        var release = new CountDownLatch(1);
        bus.serve("slow", (method, argument) -> {
            BusContract.await(release);
            return Json.tree(new Contract.Shouted("at last", 0, Duration.ZERO));
        });
        Contract patient = Remote.client(Contract.class, bus, "slow", LONG);
        Contract hasty = Remote.client(Contract.class, bus, "slow", Duration.ofMillis(50));
        assertThat(fault(() -> Remote.within(Duration.ofMillis(50), () -> patient.report()))
                        .fault()
                        .kind())
                .isEqualTo(Fault.Kind.TIMEOUT);
        assertThat(fault(hasty::report).fault().kind()).isEqualTo(Fault.Kind.TIMEOUT);
        release.countDown();
        assertThat(Remote.within(LONG, () -> hasty.report()).text()).isEqualTo("at last");
    }

    @Test
    void anOperationThatTheOtherSideDoesNotKnowIsNotImplementedThere() {
        Wider wider = Remote.client(Wider.class, bus, "compute.host1", LONG);
        assertThat(fault(() -> wider.further(new Contract.Word("x", new byte[0], null)))
                        .fault()
                        .kind())
                .isEqualTo(Fault.Kind.NOT_IMPLEMENTED);
    }

    @Test
    void anArgumentThatDoesNotFitIsInvalidAndNamesTheField() {
        FaultException fault =
                fault(() -> bus.call("compute.host1", "shout", Json.object().put("txet", "x"), LONG));
        assertThat(fault.fault().kind()).isEqualTo(Fault.Kind.INVALID);
        assertThat(fault).hasMessageContaining("txet");
        assertThat(fault(() -> bus.call("compute.host1", "shout", StringNode.valueOf("x"), LONG))
                        .fault()
                        .kind())
                .isEqualTo(Fault.Kind.INVALID);
    }

    @Test
    void aContractThatCannotCrossIsRefusedWhenItIsSetUp() {
        for (Class<?> contract : new Class<?>[] {TwoArguments.class, NoRecord.class, Overloaded.class, String.class}) {
            assertThatThrownBy(() -> Remote.client(contract, bus, "a", LONG))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aClientIsAnObjectLikeAnyOther() {
        assertThat(client)
                .hasToString("Contract at compute.host1")
                .isEqualTo(client)
                .hasSameHashCodeAs(client);
        assertThat(client).isNotEqualTo(Remote.client(Contract.class, bus, "compute.host1", LONG));
    }
}
