package io.nacre.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A list of many resources, made by several clients, and how long a page of it takes.
 *
 * @param of what the list holds, by its name in the answer
 */
record LongList(Bench bench, Api api, Api.Port port, String of) {
    private static final int CLIENTS = 4;
    private static final int REPETITIONS = 500;
    private static final double MILLIS = 50;

    interface Maker {
        void make(Api api, int number);
    }

    void fill(int count, Maker maker) throws InterruptedException {
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            int first = i;
            clients.add(Thread.ofPlatform().start(() -> {
                try (Api own = api.another()) {
                    for (int number = first; number < count; number += CLIENTS) {
                        maker.make(own, number);
                    }
                }
            }));
        }
        for (Thread client : clients) {
            client.join();
        }
    }

    Figure measure(String what, String path) {
        int count = bench.quick() ? 10 : REPETITIONS;
        long[] nanos = new long[count];
        int found = 0;
        for (int i = -count / 5; i < count; i++) {
            long began = System.nanoTime();
            found = api.get(port, path).get(of).size();
            nanos[Math.max(i, 0)] = System.nanoTime() - began;
        }
        Latencies latencies = Latencies.of(nanos, count);
        return new Figure(
                what,
                String.format(Locale.ROOT, "%s; %d %s", latencies.text(), found, of),
                "p99 under 50 ms",
                latencies.p99() < MILLIS,
                Map.of("p50Millis", latencies.p50(), "p99Millis", latencies.p99()));
    }
}
