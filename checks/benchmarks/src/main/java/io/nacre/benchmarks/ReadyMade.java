package io.nacre.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.nacre.base.Caller;
import io.nacre.base.Ids;
import io.nacre.http.ErrorFormat;
import io.nacre.http.Handler;
import io.nacre.http.HttpConfig;
import io.nacre.http.HttpServer;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Service;
import io.nacre.policy.Overrides;
import io.nacre.policy.Policy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A server on Nacre's HTTP stack that has every answer ready-made: what a request costs when nothing has to be found out
 * for it. It runs in a process of its own with the options of the Nacre it is compared with.
 */
final class ReadyMade implements AutoCloseable {
    /** What the stack itself says in every answer. */
    private static final Set<String> OF_THE_STACK =
            Set.of("date", "content-length", "content-type", "x-openstack-request-id");

    private final Process process;
    private final int port;

    private ReadyMade(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** @param answer the connection whose last answer is to be repeated */
    static ReadyMade of(Wire answer, Nacre like) throws IOException {
        Path head = like.state().resolve("ready-made.head");
        Path body = like.state().resolve("ready-made.body");
        Files.writeString(head, answer.head(), ISO_8859_1);
        Files.write(body, answer.body());
        List<String> words = new ArrayList<>();
        for (String word : Processes.commandLine(like.pid())) {
            if (word.equals("-cp")) {
                break;
            }
            // It holds the classes of another class path.
            if (!word.startsWith("-XX:AOT")) {
                words.add(word);
            }
        }
        words.addAll(List.of(
                "-Dnacre.log=" + like.state().resolve("log/ready-made.log"),
                "-cp",
                System.getProperty("java.class.path"),
                ReadyMade.class.getName(),
                head.toString(),
                body.toString()));
        Process process = new ProcessBuilder(words)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader said = process.inputReader();
        String port = said.readLine();
        if (port == null) {
            throw new IllegalStateException("the ready-made server did not start");
        }
        return new ReadyMade(process, Integer.parseInt(port));
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroy();
    }

    /** Says its port, and serves until its parent is gone. */
    public static void main(String[] arguments) throws IOException {
        List<String> head = Files.readAllLines(Path.of(arguments[0]), ISO_8859_1);
        byte[] body = Files.readAllBytes(Path.of(arguments[1]));
        List<Map.Entry<String, String>> headers = head.stream()
                .skip(1)
                .filter(line -> line.contains(":"))
                .map(line -> Map.entry(
                        line.substring(0, line.indexOf(':')),
                        line.substring(line.indexOf(':') + 1).strip()))
                .toList();
        String type = headers.stream()
                .filter(header -> header.getKey().equalsIgnoreCase("content-type"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
        int status = Integer.parseInt(head.getFirst().split(" ")[1]);
        Handler answer = request -> {
            Response response = Response.bytes(status, type, body);
            headers.stream()
                    .filter(header -> !OF_THE_STACK.contains(header.getKey().toLowerCase(Locale.ROOT)))
                    .forEach(header -> response.header(header.getKey(), header.getValue()));
            return response;
        };
        List<Route> routes =
                List.of(Route.get("/").open().to(answer), Route.post("/").open().to(answer));
        ErrorFormat errors = failure -> Response.empty(failure.status());
        Service service = new Service("ready-made", routes, new Policy(List.of(), Overrides.NONE), errors, null, null);
        try (HttpServer http = new HttpServer(HttpConfig.defaults(), Ids.secure(), InstantSource.system())) {
            http.serve(service, claim -> Caller.nacre(claim.requestId()), "127.0.0.1", 0);
            http.start();
            System.out.println(http.port("ready-made"));
            try (BufferedReader parent = new BufferedReader(new InputStreamReader(System.in, ISO_8859_1))) {
                while (parent.readLine() != null) {}
            }
        }
    }
}
