package io.nacre.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Lists of many users: those that a filter leaves, and as many as one answer holds. */
final class UsersBenchmark {
    private static final int CLIENTS = 4;
    private static final int REPETITIONS = 500;
    private static final double MILLIS = 50;

    private UsersBenchmark() {}

    static List<Figure> run(Bench bench) throws IOException, InterruptedException {
        int users = bench.quick() ? 1000 : 10_000;
        try (Nacre nacre = Nacre.up(bench, "users", true, "keystone.list_limit=1000");
                Api api = nacre.login()) {
            create(api, users);
            return List.of(
                    measure(bench, api, users + " users, those with 77 in their name", "/v3/users?name__contains=77"),
                    measure(bench, api, users + " users, the first 1000", "/v3/users?domain_id=default"));
        }
    }

    private static void create(Api api, int users) throws InterruptedException {
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            int first = i;
            clients.add(Thread.ofPlatform().start(() -> {
                try (Api own = api.another()) {
                    for (int user = first; user < users; user += CLIENTS) {
                        own.post(
                                Api.Port.IDENTITY,
                                "/v3/users",
                                Map.of("user", Map.of("name", String.format(Locale.ROOT, "user-%05d", user))));
                    }
                }
            }));
        }
        for (Thread client : clients) {
            client.join();
        }
    }

    private static Figure measure(Bench bench, Api api, String what, String path) {
        int count = bench.quick() ? 10 : REPETITIONS;
        long[] nanos = new long[count];
        int found = 0;
        for (int i = -count / 5; i < count; i++) {
            long began = System.nanoTime();
            found = api.get(Api.Port.IDENTITY, path).get("users").size();
            nanos[Math.max(i, 0)] = System.nanoTime() - began;
        }
        Latencies latencies = Latencies.of(nanos, count);
        return new Figure(
                what,
                String.format(Locale.ROOT, "%s; %d users", latencies.text(), found),
                "p99 under 50 ms",
                latencies.p99() < MILLIS,
                Map.of("p50Millis", latencies.p50(), "p99Millis", latencies.p99()));
    }
}
