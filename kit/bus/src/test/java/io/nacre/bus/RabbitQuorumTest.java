package io.nacre.bus;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Ids;
import io.nacre.testkit.RabbitServer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The same contract where casts wait in quorum queues. */
class RabbitQuorumTest extends BusContract {
    private static RabbitServer broker;

    @BeforeAll
    static void startBroker() {
        broker = RabbitServer.start();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Override
    Bus open() {
        return new RabbitBus(RabbitBusTest.config(broker.port(), "/", RabbitServer.PASSWORD, null, true), Ids.secure());
    }

    @Override
    Bus openOther(Bus first) {
        return open();
    }

    @Test
    void castsOutliveTheBroker() throws Exception {
        bus.cast("restart", "before", NOTHING);
        broker.stop();
        broker.startAgain();
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        other.serve("restart", (method, argument) -> {
            heard.add(method);
            return NOTHING;
        });
        assertThat(heard.poll(30, SECONDS)).isEqualTo("before");
    }
}
