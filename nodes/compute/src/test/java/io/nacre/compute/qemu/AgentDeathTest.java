package io.nacre.compute.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Json;
import io.nacre.compute.Compute;
import io.nacre.compute.ComputeConfig;
import io.nacre.compute.ImageServer;
import io.nacre.compute.Wait;
import io.nacre.contracts.event.GuestChanged;
import io.nacre.contracts.node.ComputeNode.GuestRef;
import io.nacre.contracts.node.ComputeNode.GuestReport;
import io.nacre.contracts.node.ComputeNode.GuestSpec;
import io.nacre.contracts.node.ComputeNode.PowerAction;
import io.nacre.contracts.node.ComputeNode.PowerCommand;
import io.nacre.contracts.node.ComputeNode.PowerState;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agents that are killed, and what the next one makes of it. */
class AgentDeathTest {
    @TempDir
    Path state;

    private final List<GuestChanged> changes = new CopyOnWriteArrayList<>();
    private ImageServer server;
    private GuestSpec guest;

    @BeforeEach
    void start() throws IOException {
        server = new ImageServer();
        guest = new GuestSpec(
                UUID.randomUUID().toString(),
                "instance-00000001",
                1,
                64,
                1,
                0,
                0,
                server.add("blank", "raw", new byte[1 << 20]),
                List.of(),
                null,
                Map.of());
    }

    @AfterEach
    void stop() {
        try (Compute compute = open()) {
            compute.destroy(new GuestRef(guest.guestId()));
        }
        server.close();
    }

    private Compute open() {
        return Compute.start(
                ComputeConfig.DEFAULTS.with(ComputeConfig.VirtType.QEMU),
                state,
                "host-1",
                InstantSource.system(),
                changes::add);
    }

    private Process agent() throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AgentProcess.class.getName(),
                        state.toString(),
                        Json.write(guest))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @Test
    void guestsOutliveTheirAgentAndAreTakenUpByTheNext() throws IOException, InterruptedException {
        Process agent = agent();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(agent.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(out.lines().filter(line -> line.equals("RUNNING")).findFirst())
                    .isPresent();
        }
        agent.destroyForcibly().waitFor();
        try (Compute compute = open()) {
            assertThat(compute.guests().guests())
                    .containsExactly(new GuestReport(guest.guestId(), PowerState.RUNNING, null));
            assertThat(changes).isEmpty();
            assertThat(compute.spawn(guest).state()).isEqualTo(PowerState.RUNNING);
            power(compute, PowerAction.PAUSE);
        }
    }

    @Test
    void anAgentThatDiesAtAnyMomentOfASpawnLeavesAGuestOrNothing() throws IOException, InterruptedException {
        Random random = new Random(7);
        for (int i = 0; i < 5; i++) {
            Process agent = agent();
            Path directory = state.resolve("guests").resolve(guest.guestId());
            Wait.until("the spawn to begin", () -> Files.exists(directory));
            Thread.sleep(random.nextInt(150));
            agent.destroyForcibly().waitFor();
            try (Compute compute = open()) {
                List<GuestReport> guests = compute.guests().guests();
                if (guests.isEmpty()) {
                    assertThat(directory).doesNotExist();
                    Wait.until("its process to be gone", () -> processes() == 0);
                }
                assertThat(compute.spawn(guest).state()).isEqualTo(PowerState.RUNNING);
                assertThat(processes()).isEqualTo(1);
                compute.destroy(new GuestRef(guest.guestId()));
                Wait.until("its process to be gone", () -> processes() == 0);
            }
        }
        try (Stream<Path> left = Files.list(state.resolve("guests"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aStartOrResumeThatWasCutOffCanBeRepeated() throws IOException {
        try (Compute compute = open()) {
            compute.spawn(guest);
            power(compute, PowerAction.SUSPEND);
        }
        Path path = state.resolve("guests").resolve(guest.guestId());
        GuestDirectory files = new GuestDirectory(path, path);
        GuestRecord record = files.record();
        Path image = state.resolve("images").resolve("blank");
        // a process that waits for its memory, as an agent leaves it that dies in the middle of RESUME
        List<String> words = Stream.concat(
                        QemuArguments.of(record, files, image, false).stream(), Stream.of("-incoming", "defer"))
                .toList();
        QemuProcess.start(files, words, null, event -> {}).close();
        try (Compute compute = open()) {
            assertThat(compute.guests().guests().getFirst().state()).isEqualTo(PowerState.SUSPENDED);
            Wait.until("its process to be gone", () -> processes() == 0);
            assertThat(power(compute, PowerAction.RESUME).state()).isEqualTo(PowerState.RUNNING);
            power(compute, PowerAction.STOP);
        }
        // one that has never run, as START leaves it
        QemuProcess.start(files, QemuArguments.of(record, files, image, false), null, event -> {})
                .close();
        try (Compute compute = open()) {
            assertThat(compute.guests().guests().getFirst().state()).isEqualTo(PowerState.SHUTDOWN);
            assertThat(power(compute, PowerAction.START).state()).isEqualTo(PowerState.RUNNING);
        }
        assertThat(changes).isEmpty();
    }

    private GuestReport power(Compute compute, PowerAction action) {
        return compute.power(new PowerCommand(guest.guestId(), action, Duration.ZERO, List.of()));
    }

    private long processes() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .arguments()
                        .map(words -> List.of(words).contains(guest.guestId()))
                        .orElse(false))
                .count();
    }
}
