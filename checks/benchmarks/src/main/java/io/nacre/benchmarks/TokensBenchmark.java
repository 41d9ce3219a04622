package io.nacre.benchmarks;

import io.nacre.base.Json;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The memory of a program that has issued a million tokens, none of which it has to remember. */
final class TokensBenchmark {
    private static final long TOKENS = 1_000_000;
    private static final double SECONDS = 5;
    private static final double GROWTH = 1.1;

    private TokensBenchmark() {}

    static List<Figure> run(Bench bench) throws IOException, InterruptedException {
        long tokens = bench.quick() ? TOKENS / 1000 : TOKENS;
        try (Nacre nacre = Nacre.up(bench, "tokens", true);
                Api api = nacre.login()) {
            byte[] body =
                    Json.bytes(Api.scoped(Map.of("methods", List.of("token"), "token", Map.of("id", api.token()))));
            byte[] request = Wire.request("POST", "/v3/auth/tokens", Map.of("Content-Type", "application/json"), body);
            Load load;
            try (Wire wire = new Wire(nacre.port(Api.Port.IDENTITY))) {
                int status = wire.exchange(request);
                load = new Load(nacre.port(Api.Port.IDENTITY), nacre.pid(), request, status, wire.length());
            }
            double issued = issue(load, bench, tokens / 10);
            double early = Processes.mebibytes(nacre.pid(), "VmRSS");
            issued += issue(load, bench, tokens - (long) issued);
            double late = Processes.mebibytes(nacre.pid(), "VmRSS");
            return List.of(new Figure(
                    String.format(Locale.ROOT, "memory after %.0f tokens", issued),
                    String.format(Locale.ROOT, "%.0f MiB, after the first tenth of them %.0f MiB", late, early),
                    "at most a tenth more",
                    late <= early * GROWTH,
                    Map.of("earlyMebibytes", early, "lateMebibytes", late)));
        }
    }

    private static double issue(Load load, Bench bench, long count) throws InterruptedException {
        double issued = 0;
        while (issued < count) {
            double seconds = bench.seconds(SECONDS);
            issued += load.run(seconds).perSecond() * seconds;
        }
        return issued;
    }
}
