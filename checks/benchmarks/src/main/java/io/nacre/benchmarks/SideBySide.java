package io.nacre.benchmarks;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that is asked in turns of Nacre and of a server on the same HTTP stack that sends the very same bytes
 * without finding anything out, by eight clients, so that whatever else the machine does hits both. As clients and
 * servers share the processors, the processor time that the server alone takes for a request is told, too.
 */
record SideBySide(Api.Port port, String method, String path, Map<String, String> headers, byte @Nullable [] body) {
    private static final double WARM_UP = 8;
    private static final double ROUND = 2;

    /** @param bar the least share of the requests/s of ready-made bytes */
    Figure measure(Bench bench, Nacre nacre, String what, double bar) throws IOException, InterruptedException {
        byte[] request = Wire.request(method, path, headers, body);
        try (Wire wire = new Wire(nacre.port(port))) {
            int status = wire.exchange(request);
            if (status >= 300) {
                throw new IllegalStateException(status + " " + wire.text());
            }
            try (ReadyMade readyMade = ReadyMade.of(wire, nacre)) {
                Load real = new Load(nacre.port(port), nacre.pid(), request, status, wire.length());
                byte[] same = Wire.request(method, "/", headers, body);
                Load bare = new Load(readyMade.port(), readyMade.pid(), same, status, wire.length());
                return turns(bench, what, bar, real, bare);
            }
        }
    }

    private static Figure turns(Bench bench, String what, double bar, Load real, Load bare)
            throws InterruptedException {
        real.run(bench.seconds(WARM_UP));
        bare.run(bench.seconds(WARM_UP));
        Sample perSecond = new Sample();
        Sample barePerSecond = new Sample();
        Sample ratio = new Sample();
        Sample micros = new Sample();
        Sample bareMicros = new Sample();
        for (int i = 0; i < bench.rounds(7); i++) {
            Load.Result one = real.run(bench.seconds(ROUND));
            Load.Result other = bare.run(bench.seconds(ROUND));
            perSecond.add(one.perSecond());
            barePerSecond.add(other.perSecond());
            ratio.add(one.perSecond() / other.perSecond());
            micros.add(one.cpuMicros());
            bareMicros.add(other.cpuMicros());
        }
        String measured = String.format(
                Locale.ROOT,
                "%.0f %% (%.0f to %.0f, %d rounds): %.0f/s of %.0f/s; %.0f µs of processor, ready-made %.0f µs; %d bytes",
                100 * ratio.median(),
                100 * ratio.least(),
                100 * ratio.most(),
                ratio.values().size(),
                perSecond.median(),
                barePerSecond.median(),
                micros.median(),
                bareMicros.median(),
                real.length());
        return new Figure(
                what,
                measured,
                String.format(Locale.ROOT, "at least %.0f %% of the requests/s of ready-made bytes", 100 * bar),
                ratio.median() >= bar,
                Map.of(
                        "ratio", ratio.values(),
                        "perSecond", perSecond.values(),
                        "readyMadePerSecond", barePerSecond.values(),
                        "cpuMicros", micros.values(),
                        "readyMadeCpuMicros", bareMicros.values(),
                        "bytes", real.length()));
    }
}
