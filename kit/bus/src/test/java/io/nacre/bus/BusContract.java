package io.nacre.bus;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** What every bus keeps; each kind of bus runs all of it. */
abstract class BusContract {
    static final Duration LONG = Duration.ofSeconds(30);
    static final JsonNode NOTHING = NullNode.getInstance();

    Bus bus;
    /** Another controller's or agent's end of the same bus. */
    Bus other;

    abstract Bus open();

    /** The end of the bus that another process would have. */
    abstract Bus openOther(Bus first);

    @BeforeEach
    void openBothEnds() {
        bus = open();
        other = openOther(bus);
    }

    @AfterEach
    void closeBothEnds() {
        other.close();
        bus.close();
    }

    private static FaultException fault(Runnable body) {
        return catchThrowableOfType(FaultException.class, body::run);
    }

    @Test
    void aCallBringsBackTheServersAnswer() {
        other.serve(
                "compute.host1",
                (method, argument) -> Json.object().put("method", method).set("argument", argument));
        JsonNode answer = bus.call("compute.host1", "spawn", Json.object().put("id", "g1"), LONG);
        assertThat(answer).isEqualTo(Json.MAPPER.readTree("{\"method\": \"spawn\", \"argument\": {\"id\": \"g1\"}}"));
    }

    @Test
    void noAnswerIsAnAnswerToo() {
        other.serve("a", (method, argument) -> NOTHING);
        assertThat(bus.call("a", "m", NOTHING, LONG)).isEqualTo(NOTHING);
    }

    @Test
    void theTwoSidesShareNothing() {
        ObjectNode kept = Json.object().put("value", 1);
        other.serve("a", (method, argument) -> {
            ((ObjectNode) argument).put("value", 2);
            return kept;
        });
        ObjectNode sent = Json.object().put("value", 1);
        ObjectNode answer = (ObjectNode) bus.call("a", "m", sent, LONG);
        answer.put("value", 3);
        assertThat(sent).isEqualTo(Json.object().put("value", 1));
        assertThat(kept).isEqualTo(Json.object().put("value", 1));
    }

    @Test
    void aLargeArgumentArrivesWhole() {
        other.serve(
                "a",
                (method, argument) -> IntNode.valueOf(argument.stringValue().length()));
        assertThat(bus.call("a", "m", StringNode.valueOf("x".repeat(5_000_000)), LONG)
                        .intValue())
                .isEqualTo(5_000_000);
    }

    @Test
    void aFaultArrivesAsItWasThrown() {
        var thrown = new Fault(
                Fault.Kind.CONFLICT,
                "placement.concurrent_update",
                "Try again.",
                Map.of("retry", 3, "of", List.of("x")));
        other.serve("a", (method, argument) -> {
            throw new FaultException(thrown);
        });
        assertThat(fault(() -> bus.call("a", "m", NOTHING, LONG)).fault()).isEqualTo(thrown);
    }

    @Test
    void anUnexpectedFailureIsLoggedWhereItHappenedAndTellsTheCallerNothing() {
        var logger = (Logger) LoggerFactory.getLogger(Reply.class);
        var log = new ListAppender<ILoggingEvent>();
        log.list = Collections.synchronizedList(new ArrayList<>());
        log.start();
        logger.addAppender(log);
        other.serve("a", (method, argument) -> {
            throw new IllegalStateException("select * from secrets");
        });
        try (var _ = MDC.putCloseable("request", "req-1")) {
            FaultException arrived = fault(() -> bus.call("a", "m", NOTHING, LONG));
            assertThat(arrived.fault().kind()).isEqualTo(Fault.Kind.INTERNAL);
            assertThat(arrived).hasMessageNotContaining("secrets").hasNoCause();
        } finally {
            logger.detachAppender(log);
        }
        assertThat(log.list).singleElement().satisfies(event -> {
            assertThat(event.getFormattedMessage()).isEqualTo("a m failed unexpectedly");
            assertThat(event.getThrowableProxy().getMessage()).isEqualTo("select * from secrets");
            assertThat(event.getMDCPropertyMap()).containsEntry("request", "req-1");
        });
    }

    @Test
    void theRequestIdTravelsAlongAndIsGoneAfterwards() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        other.serve("a", (method, argument) -> {
            seen.add(String.valueOf(MDC.get("request")));
            return NOTHING;
        });
        try (var _ = MDC.putCloseable("request", "req-7")) {
            bus.call("a", "m", NOTHING, LONG);
            bus.cast("a", "m", NOTHING);
        }
        assertThat(seen.poll(10, SECONDS)).isEqualTo("req-7");
        assertThat(seen.poll(10, SECONDS)).isEqualTo("req-7");
        bus.call("a", "m", NOTHING, LONG);
        assertThat(seen.poll(10, SECONDS)).isEqualTo("null");
    }

    @Test
    void whenNobodyServesACallFailsAtOnce() {
        long start = System.nanoTime();
        FaultException fault = fault(() -> bus.call("compute.gone", "m", NOTHING, LONG));
        assertThat(fault.fault().kind()).isEqualTo(Fault.Kind.UNAVAILABLE);
        assertThat(fault).hasMessageNotContaining("gone");
        assertThat(fault.getCause()).hasMessageContaining("compute.gone");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void afterTheServerHasGoneACallFailsAtOnce() {
        Bus.Registration registration = other.serve("a", (method, argument) -> NOTHING);
        bus.call("a", "m", NOTHING, LONG);
        registration.close();
        assertThat(fault(() -> bus.call("a", "m", NOTHING, LONG)).fault().kind())
                .isEqualTo(Fault.Kind.UNAVAILABLE);
    }

    @Test
    void anAnswerThatComesTooLateIsATimeoutAndTheWorkGoesOn() throws Exception {
        var release = new CountDownLatch(1);
        var done = new CountDownLatch(1);
        other.serve("a", (method, argument) -> {
            await(release);
            done.countDown();
            return NOTHING;
        });
        assertThat(fault(() -> bus.call("a", "m", NOTHING, Duration.ofMillis(100)))
                        .fault()
                        .kind())
                .isEqualTo(Fault.Kind.TIMEOUT);
        release.countDown();
        assertThat(done.await(10, SECONDS)).isTrue();
    }

    @Test
    void slowCallsDoNotHoldUpOthers() throws Exception {
        int calls = 50;
        var allAreIn = new CyclicBarrier(calls);
        other.serve("a", (method, argument) -> {
            try {
                allAreIn.await(10, SECONDS);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            return argument;
        });
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<JsonNode>> answers = IntStream.range(0, calls)
                    .mapToObj(i -> threads.submit(() -> bus.call("a", "m", IntNode.valueOf(i), LONG)))
                    .toList();
            for (int i = 0; i < calls; i++) {
                assertThat(answers.get(i).get(10, SECONDS)).isEqualTo(IntNode.valueOf(i));
            }
        }
    }

    @Test
    void theServersOfOneAddressShareItsWork() {
        Set<String> heard = ConcurrentHashMap.newKeySet();
        Bus.Registration first = other.serve("a", (method, argument) -> {
            heard.add("first");
            return NOTHING;
        });
        bus.serve("a", (method, argument) -> {
            heard.add("second");
            return NOTHING;
        });
        for (int i = 0; i < 20; i++) {
            bus.call("a", "m", NOTHING, LONG);
        }
        assertThat(heard).containsExactlyInAnyOrder("first", "second");
        first.close();
        heard.clear();
        for (int i = 0; i < 20; i++) {
            bus.call("a", "m", NOTHING, LONG);
        }
        assertThat(heard).containsExactly("second");
    }

    @Test
    void castsWaitForTheirServer() throws Exception {
        for (int i = 0; i < 100; i++) {
            bus.cast("late", "m" + i, IntNode.valueOf(i));
        }
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        other.serve("late", (method, argument) -> {
            heard.add(method + "=" + argument);
            return NOTHING;
        });
        bus.cast("late", "m100", IntNode.valueOf(100));
        List<String> all = new ArrayList<>();
        for (int i = 0; i <= 100; i++) {
            all.add(heard.poll(10, SECONDS));
        }
        assertThat(all)
                .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(0, 100)
                        .mapToObj(i -> "m" + i + "=" + i)
                        .toList());
    }

    @Test
    void aCastThatFailsIsNotRepeatedAndDoesNotHoldUpOthers() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        other.serve("a", (method, argument) -> {
            heard.add(method);
            if (method.equals("fault")) {
                throw Fault.conflict("no");
            }
            if (method.equals("failure")) {
                throw new IllegalStateException("no");
            }
            return NOTHING;
        });
        for (String method : List.of("fault", "failure", "good")) {
            bus.cast("a", method, NOTHING);
            assertThat(heard.poll(10, SECONDS)).isEqualTo(method);
        }
        bus.call("a", "last", NOTHING, LONG);
        assertThat(heard).containsExactly("last");
    }

    @Test
    void everySubscriberHearsEveryEventInOrder() throws Exception {
        BlockingQueue<Integer> here = new LinkedBlockingQueue<>();
        BlockingQueue<Integer> there = new LinkedBlockingQueue<>();
        bus.subscribe("port.plugged", event -> here.add(event.intValue()));
        other.subscribe("port.plugged", event -> there.add(event.intValue()));
        other.subscribe("port.unplugged", event -> there.add(-1));
        for (int i = 0; i < 1000; i++) {
            bus.publish("port.plugged", IntNode.valueOf(i));
        }
        for (BlockingQueue<Integer> heard : List.of(here, there)) {
            for (int i = 0; i < 1000; i++) {
                assertThat(heard.poll(10, SECONDS)).isEqualTo(i);
            }
            assertThat(heard).isEmpty();
        }
    }

    @Test
    void eventsAreHeardFromSubscriptionToItsEndOnly() throws Exception {
        BlockingQueue<Integer> heard = new LinkedBlockingQueue<>();
        BlockingQueue<Integer> still = new LinkedBlockingQueue<>();
        bus.publish("t", IntNode.valueOf(1));
        Bus.Registration registration = other.subscribe("t", event -> heard.add(event.intValue()));
        other.subscribe("t", event -> still.add(event.intValue()));
        bus.publish("t", IntNode.valueOf(2));
        assertThat(heard.poll(10, SECONDS)).isEqualTo(2);
        registration.close();
        bus.publish("t", IntNode.valueOf(3));
        assertThat(still.poll(10, SECONDS)).isEqualTo(2);
        assertThat(still.poll(10, SECONDS)).isEqualTo(3);
        assertThat(heard).isEmpty();
    }

    @Test
    void aListenerThatFailsHearsTheNextEvent() throws Exception {
        BlockingQueue<Integer> heard = new LinkedBlockingQueue<>();
        other.subscribe("t", event -> {
            heard.add(event.intValue());
            throw new IllegalStateException("no");
        });
        bus.publish("t", IntNode.valueOf(1));
        bus.publish("t", IntNode.valueOf(2));
        assertThat(heard.poll(10, SECONDS)).isEqualTo(1);
        assertThat(heard.poll(10, SECONDS)).isEqualTo(2);
    }

    @Test
    void aServerMayCallOthersWhileItServes() {
        bus.serve("inner", (method, argument) -> StringNode.valueOf("deep"));
        other.serve("outer", (method, argument) -> other.call("inner", "m", argument, LONG));
        assertThat(bus.call("outer", "m", NOTHING, LONG)).isEqualTo(StringNode.valueOf("deep"));
    }

    @Test
    void anInterruptedCallerStopsWaiting() throws Exception {
        var called = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        other.serve("a", (method, argument) -> {
            called.countDown();
            await(release);
            return NOTHING;
        });
        BlockingQueue<Object> result = new LinkedBlockingQueue<>();
        Thread caller = Thread.ofVirtual().start(() -> {
            Fault.Kind kind =
                    fault(() -> bus.call("a", "m", NOTHING, LONG)).fault().kind();
            result.add(kind + " " + Thread.currentThread().isInterrupted());
        });
        assertThat(called.await(10, SECONDS)).isTrue();
        caller.interrupt();
        assertThat(result.poll(10, SECONDS)).isEqualTo("TIMEOUT true");
        release.countDown();
    }

    @Test
    void aClosedBusCarriesNothing() {
        other.serve("a", (method, argument) -> NOTHING);
        bus.close();
        assertThat(fault(() -> bus.call("a", "m", NOTHING, LONG)).fault().kind())
                .isEqualTo(Fault.Kind.UNAVAILABLE);
        assertThat(fault(() -> bus.cast("a", "m", NOTHING)).fault().kind()).isEqualTo(Fault.Kind.UNAVAILABLE);
        bus.close();
    }

    @Test
    void aNameThatNotEveryBusUnderstandsIsRefused() {
        for (String name : List.of("", "a b", "a.*", "#", ".a", "a..b", "x".repeat(201))) {
            assertThatThrownBy(() -> bus.cast(name, "m", NOTHING)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> bus.subscribe(name, event -> {})).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aContractWorksAcrossTheBus() {
        Remote.serve(Contract.class, new Contract.Real(), other, "compute.host1");
        Contract client = Remote.client(Contract.class, bus, "compute.host1", LONG);
        assertThat(client.shout(new Contract.Word("hello", new byte[] {1, 2, -3}, null)))
                .isEqualTo(new Contract.Shouted("HELLO", 3, Duration.ofMillis(1500)));
    }

    static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
