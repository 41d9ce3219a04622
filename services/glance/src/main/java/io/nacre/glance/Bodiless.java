package io.nacre.glance;

import io.nacre.base.Fault;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import java.util.List;
import java.util.regex.Pattern;

/** Operations without a body refuse one, as long as it says how long it is. */
final class Bodiless {
    private static final Pattern TAKES_ANY = Pattern.compile("/|/versions|/v2|/v2/images|/v2/info/usage");
    private static final Pattern NEVER_READ = Pattern.compile(".*/(actions/[a-z]+|tags/\\{[a-z]+\\})");

    private Bodiless() {}

    static List<Route> strict(List<Route> routes) {
        return routes.stream()
                .map(route -> takesNone(route) ? strict(route) : route)
                .toList();
    }

    private static boolean takesNone(Route route) {
        return switch (route.method()) {
            case "GET" -> !TAKES_ANY.matcher(route.path()).matches();
            case "DELETE" -> true;
            case "POST" -> NEVER_READ.matcher(route.path()).matches();
            case "PUT" ->
                route.path().startsWith("/v2/images/")
                        && NEVER_READ.matcher(route.path()).matches();
            default -> false;
        };
    }

    private static Route strict(Route route) {
        return new Route(
                route.method(),
                route.path(),
                route.rules(),
                route.choice(),
                route.authenticated(),
                route.since(),
                route.until(),
                route.body(),
                route.media(),
                request -> answer(route, request));
    }

    private static Response answer(Route route, Request request) {
        if (request.contentLength() > 0) {
            throw Fault.invalid("A body is not expected with this request.");
        }
        return route.handler().handle(request);
    }
}
