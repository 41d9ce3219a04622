package io.nacre.benchmarks;

import at.favre.lib.crypto.bcrypt.BCrypt;
import io.nacre.base.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** What a token costs, by each way to get one. */
final class LoginBenchmark {
    private static final double BY_TOKEN = 0.25;
    private static final double PER_SECOND = 5000;
    private static final double SHARE_OF_BCRYPT = 0.9;
    private static final double VALIDATION_MILLIS = 20;
    private static final int COST = 12;
    private static final double WARM_UP = 8;
    private static final double ROUND = 2;
    private static final double HASHING = 6;
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    private LoginBenchmark() {}

    static List<Figure> run(Bench bench) throws IOException, InterruptedException {
        List<Figure> figures = new ArrayList<>();
        try (Nacre nacre = Nacre.up(bench, "logins", true);
                Api api = nacre.login()) {
            byte[] byToken =
                    Json.bytes(Api.scoped(Map.of("methods", List.of("token"), "token", Map.of("id", api.token()))));
            figures.add(new SideBySide(Api.Port.IDENTITY, "POST", "/v3/auth/tokens", JSON, byToken)
                    .measure(bench, nacre, "POST a token for a token", BY_TOKEN));
            figures.add(rate(bench, nacre, "tokens for an application credential", applicationCredential(api)));
            figures.add(rate(bench, nacre, "tokens for a remembered password", Api.password(nacre.adminPassword())));
        }
        try (Nacre nacre = Nacre.up(bench, "bcrypt", true, "keystone.password.remember=0s")) {
            figures.addAll(hashing(bench, nacre));
        }
        return figures;
    }

    private static Object applicationCredential(Api api) {
        String user = api.get(Api.Port.IDENTITY, "/v3/users?name=admin")
                .at("/users/0/id")
                .asString();
        String id = api.post(
                        Api.Port.IDENTITY,
                        "/v3/users/" + user + "/application_credentials",
                        Map.of("application_credential", Map.of("name", "bench", "secret", "a secret")))
                .at("/application_credential/id")
                .asString();
        Map<String, Object> credential = Map.of("id", id, "secret", "a secret");
        return Map.of(
                "auth",
                Map.of(
                        "identity",
                        Map.of("methods", List.of("application_credential"), "application_credential", credential)));
    }

    private static Load load(Nacre nacre, Object body) {
        byte[] request = Wire.request("POST", "/v3/auth/tokens", JSON, Json.bytes(body));
        try (Wire wire = new Wire(nacre.port(Api.Port.IDENTITY))) {
            int status = wire.exchange(request);
            return new Load(nacre.port(Api.Port.IDENTITY), nacre.pid(), request, status, wire.length());
        }
    }

    private static Figure rate(Bench bench, Nacre nacre, String what, Object body) throws InterruptedException {
        Load load = load(nacre, body);
        load.run(bench.seconds(WARM_UP));
        Sample perSecond = new Sample();
        Sample micros = new Sample();
        for (int i = 0; i < bench.rounds(7); i++) {
            bench.awaitQuiet();
            Load.Result result = load.run(bench.seconds(ROUND));
            perSecond.add(result.perSecond());
            micros.add(result.cpuMicros());
        }
        String cpu = String.format(Locale.ROOT, "; %.0f µs of processor each", micros.median());
        return new Figure(
                what,
                perSecond.text("%.0f", "a second") + cpu,
                "at least 5000 a second",
                perSecond.median() >= PER_SECOND,
                Map.of("perSecond", perSecond.values(), "cpuMicros", micros.values()));
    }

    /** Passwords that are not remembered beside bcrypt alone, while somebody has a token validated. */
    private static List<Figure> hashing(Bench bench, Nacre nacre) throws InterruptedException {
        Load load = load(nacre, Api.password(nacre.adminPassword()));
        Sample ratio = new Sample();
        Sample perSecond = new Sample();
        Sample p99 = new Sample();
        try (Validations validations = new Validations(nacre)) {
            load.run(bench.seconds(WARM_UP));
            bare(bench.seconds(ROUND));
            for (int i = 0; i < bench.rounds(5); i++) {
                double alone = bare(bench.seconds(HASHING));
                validations.begin();
                double one = load.run(bench.seconds(HASHING)).perSecond();
                p99.add(validations.latencies().p99());
                perSecond.add(one);
                ratio.add(one / alone);
            }
        }
        String rates = String.format(Locale.ROOT, "; %.1f a second", perSecond.median());
        return List.of(
                new Figure(
                        "logins with a password that is not remembered, beside bcrypt alone",
                        ratio.text("%.2f", "of its rate") + rates,
                        "at least 0.9 of it",
                        ratio.median() >= SHARE_OF_BCRYPT,
                        Map.of("ratio", ratio.values(), "perSecond", perSecond.values())),
                new Figure(
                        "99 of 100 validations while passwords are hashed",
                        p99.text("%.1f", "ms"),
                        "under 20 ms",
                        p99.median() < VALIDATION_MILLIS,
                        Map.of("p99Millis", p99.values())));
    }

    /** Checks of a password in a second by as many threads as keystone has for it. */
    private static double bare(double seconds) throws InterruptedException {
        byte[] password = "a password".getBytes(StandardCharsets.UTF_8);
        byte[] hash = BCrypt.withDefaults().hash(COST, password);
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
        int[] counts = new int[threads];
        long began = System.nanoTime();
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int thread = i;
            all.add(Thread.ofPlatform().start(() -> {
                while (System.nanoTime() - began < seconds * 1e9) {
                    BCrypt.verifyer().verify(password, hash);
                    counts[thread]++;
                }
            }));
        }
        int sum = 0;
        for (int i = 0; i < threads; i++) {
            all.get(i).join();
            sum += counts[i];
        }
        return sum / ((System.nanoTime() - began) / 1e9);
    }

    /** Somebody who has a token validated all the time, with a breath in between. */
    private static final class Validations implements AutoCloseable {
        private static final int MOST = 100_000;

        private final AtomicBoolean over = new AtomicBoolean();
        private final Thread thread;
        private long[] nanos = new long[MOST];
        private int count;

        Validations(Nacre nacre) {
            thread = Thread.ofPlatform().start(() -> {
                try (Api api = nacre.login();
                        Wire wire = new Wire(nacre.port(Api.Port.IDENTITY))) {
                    Map<String, String> headers = api.headers(Map.of("X-Subject-Token", api.token()));
                    byte[] request = Wire.request("GET", "/v3/auth/tokens", headers, null);
                    while (!over.get()) {
                        long began = System.nanoTime();
                        wire.exchange(request);
                        took(System.nanoTime() - began);
                        Nacre.pause(2);
                    }
                }
            });
        }

        private synchronized void took(long time) {
            if (count < MOST) {
                nanos[count++] = time;
            }
        }

        synchronized void begin() {
            nanos = new long[MOST];
            count = 0;
        }

        synchronized Latencies latencies() {
            return Latencies.of(nanos, count);
        }

        @Override
        public void close() {
            over.set(true);
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
