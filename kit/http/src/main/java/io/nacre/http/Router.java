package io.nacre.http;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the route for a method and a raw path: a tree of segments, a literal before a parameter. */
final class Router {
    private static final class Node {
        final Map<String, Node> literals = new HashMap<>();

        @Nullable
        Node parameter;

        @Nullable
        Node rest;

        final List<Route> routes = new ArrayList<>(2);
    }

    /** A route for a raw path with its parameters, decoded. */
    record Match(Route route, String path, Map<String, String> parameters) {}

    private final Node root = new Node();
    private final boolean exact;

    Router(List<Route> routes) {
        this(routes, false);
    }

    /** @param exact whether a slash at the end counts */
    Router(List<Route> routes, boolean exact) {
        this.exact = exact;
        for (Route route : routes) {
            Node node = root;
            for (String segment : route.segments()) {
                node = child(node, segment);
            }
            for (Route other : node.routes) {
                if (other.method().equals(route.method())
                        && other.since() <= route.until()
                        && route.since() <= other.until()) {
                    throw new IllegalStateException("declared twice: " + route.method() + " " + route.path());
                }
            }
            node.routes.add(route);
        }
    }

    private static Node child(Node node, String segment) {
        if (!segment.startsWith("{")) {
            return node.literals.computeIfAbsent(segment, s -> new Node());
        }
        if (segment.endsWith("*}")) {
            return node.rest == null ? node.rest = new Node() : node.rest;
        }
        return node.parameter == null ? node.parameter = new Node() : node.parameter;
    }

    /**
     * Faults with NOT_FOUND when no route has this path in this version, METHOD_NOT_ALLOWED when none takes the method.
     *
     * @param minor null before a version was negotiated: any version will do
     */
    Match match(String method, String rawPath, @Nullable Integer minor) {
        List<String> segments = segments(rawPath);
        Node node = find(root, segments, 0);
        if (node == null) {
            throw Fault.notFound("The resource could not be found.");
        }
        Route found = pick(node, method, minor);
        if (found == null && method.equals("HEAD")) {
            found = pick(node, "GET", minor);
        }
        if (found != null) {
            return new Match(found, rawPath, parameters(found, segments));
        }
        TreeSet<String> allowed = new TreeSet<>();
        for (Route route : node.routes) {
            if (within(route, minor)) {
                allowed.add(route.method());
                if (route.method().equals("GET")) {
                    allowed.add("HEAD");
                }
            }
        }
        if (allowed.isEmpty()) {
            throw Fault.notFound("The resource could not be found.");
        }
        throw new FaultException(new Fault(
                Fault.Kind.METHOD_NOT_ALLOWED,
                "MethodNotAllowed",
                "The method " + method + " is not allowed for this resource.",
                Map.of("allow", String.join(", ", allowed))));
    }

    private static @Nullable Route pick(Node node, String method, @Nullable Integer minor) {
        for (Route route : node.routes) {
            if (route.method().equals(method) && within(route, minor)) {
                return route;
            }
        }
        return null;
    }

    private static boolean within(Route route, @Nullable Integer minor) {
        return minor == null || (minor >= route.since() && minor <= route.until());
    }

    private static @Nullable Node find(Node node, List<String> segments, int depth) {
        if (depth == segments.size()) {
            return node.routes.isEmpty() ? null : node;
        }
        Node literal = node.literals.get(segments.get(depth));
        if (literal != null) {
            Node found = find(literal, segments, depth + 1);
            if (found != null) {
                return found;
            }
        }
        if (node.parameter != null && !segments.get(depth).isEmpty()) {
            Node found = find(node.parameter, segments, depth + 1);
            if (found != null) {
                return found;
            }
        }
        return node.rest;
    }

    /** Raw segments, split before anything is decoded; one slash at the end usually does not count. */
    private List<String> segments(String rawPath) {
        String path = rawPath.startsWith("/") ? rawPath.substring(1) : rawPath;
        if (!exact && path.endsWith("/")) {
            path = path.substring(0, path.length() - 1);
        }
        return path.isEmpty() ? List.of() : List.of(path.split("/", -1));
    }

    private static Map<String, String> parameters(Route route, List<String> segments) {
        Map<String, String> parameters = new HashMap<>(4);
        List<String> declared = route.segments();
        for (int i = 0; i < declared.size(); i++) {
            String name = declared.get(i);
            if (name.endsWith("*}")) {
                parameters.put(
                        name.substring(1, name.length() - 2),
                        decode(String.join("/", segments.subList(i, segments.size()))));
            } else if (name.startsWith("{")) {
                parameters.put(name.substring(1, name.length() - 1), decode(segments.get(i)));
            }
        }
        return parameters;
    }

    private static String decode(String raw) {
        if (raw.indexOf('%') < 0) {
            return raw;
        }
        String decoded = URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
        if (decoded.indexOf('\0') >= 0) {
            throw Fault.invalid("The path holds a null character.");
        }
        return decoded;
    }
}
