package io.nacre.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Lists of many users: those that a filter leaves, and as many as one answer holds. */
final class UsersBenchmark {
    private UsersBenchmark() {}

    static List<Figure> run(Bench bench) throws IOException, InterruptedException {
        int count = bench.quick() ? 1000 : 10_000;
        try (Nacre nacre = Nacre.up(bench, "users", true, "keystone.list_limit=1000");
                Api api = nacre.login()) {
            LongList users = new LongList(bench, api, Api.Port.IDENTITY, "users");
            users.fill(count, UsersBenchmark::create);
            return List.of(
                    users.measure(count + " users, those with 77 in their name", "/v3/users?name__contains=77"),
                    users.measure(count + " users, the first 1000", "/v3/users?domain_id=default"));
        }
    }

    private static void create(Api api, int number) {
        String name = String.format(Locale.ROOT, "user-%05d", number);
        api.post(Api.Port.IDENTITY, "/v3/users", Map.of("user", Map.of("name", name)));
    }
}
