package io.nacre.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Clients that ask one service the same thing again and again, each on a connection of its own.
 *
 * @param port of the service
 * @param server whose processor time is counted
 * @param status of the one right answer
 * @param length of its body
 */
record Load(int port, long server, byte[] request, int status, int length) {
    private static final int CLIENTS = 8;

    /** What came of it. */
    record Result(double perSecond, double cpuMicros) {}

    Result run(double seconds) throws InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        int[] counts = new int[CLIENTS];
        List<Thread> clients = new ArrayList<>();
        List<RuntimeException> failures = new ArrayList<>();
        double cpu = Processes.cpuSeconds(server);
        long began = System.nanoTime();
        for (int i = 0; i < CLIENTS; i++) {
            int client = i;
            clients.add(Thread.ofPlatform().start(() -> {
                try {
                    counts[client] = ask(over);
                } catch (RuntimeException e) {
                    synchronized (failures) {
                        failures.add(e);
                    }
                }
            }));
        }
        Thread.sleep((long) (seconds * 1000));
        over.set(true);
        int count = 0;
        for (int i = 0; i < CLIENTS; i++) {
            clients.get(i).join();
            count += counts[i];
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
        double took = (System.nanoTime() - began) / 1e9;
        return new Result(count / took, (Processes.cpuSeconds(server) - cpu) * 1e6 / count);
    }

    private int ask(AtomicBoolean over) {
        int count = 0;
        try (Wire wire = new Wire(port)) {
            while (!over.get()) {
                int answered = wire.exchange(request);
                if (answered != status || wire.length() != length) {
                    throw new IllegalStateException(answered + " " + wire.text());
                }
                count++;
            }
        }
        return count;
    }
}
