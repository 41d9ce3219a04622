package io.nacre.http;

import io.nacre.policy.PolicyRule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One line of an API's table: what may be asked, by whom, in which versions, with which body, and who answers.
 *
 * <pre>{@code
 * Route.put("/traits/{name}").policy(UPDATE).since(6).to(this::put)
 * }</pre>
 *
 * Two routes may share method and path when their version ranges do not meet; that is how an older request shape is
 * told from a newer one.
 *
 * @param path segments, those in braces are parameters; a parameter may hold encoded slashes; {@code {name*}} as the
 *     last segment takes the rest of the path
 * @param rules of which one is checked; none for a route that needs no token
 * @param choice of the rule and of what it is checked with; null for the only rule and what the caller owns
 * @param authenticated whether a token is needed; a route may be open and still look at a token that is there
 * @param since first minor version that has it
 * @param until last minor version that has it
 * @param body null when the handler reads the body itself, if at all
 * @param media media types of a body the handler takes beside application/json; a form among them is read as an object
 *     of texts
 */
public record Route(
        String method,
        String path,
        List<PolicyRule> rules,
        @Nullable Choice choice,
        boolean authenticated,
        int since,
        int until,
        @Nullable Schema body,
        Set<String> media,
        Handler handler) {

    /** Tells what a rule is to be checked with, such as the object that the path names. */
    @FunctionalInterface
    public interface Target {
        Map<String, ? extends @Nullable Object> of(Request request);
    }

    /** Which of the route's rules a request is checked with; null when the handler checks. */
    @FunctionalInterface
    public interface Choice {
        @Nullable
        Check of(Request request);
    }

    /** A rule, and what it is to be checked with. */
    public record Check(PolicyRule rule, Map<String, ? extends @Nullable Object> target) {}

    public static Builder get(String path) {
        return new Builder("GET", path);
    }

    /** A HEAD that is not the GET without its body. */
    public static Builder head(String path) {
        return new Builder("HEAD", path);
    }

    public static Builder post(String path) {
        return new Builder("POST", path);
    }

    public static Builder put(String path) {
        return new Builder("PUT", path);
    }

    public static Builder patch(String path) {
        return new Builder("PATCH", path);
    }

    public static Builder delete(String path) {
        return new Builder("DELETE", path);
    }

    /** The same route below a further path, such as the version of an API. */
    public Route under(String prefix) {
        return new Route(method, prefix + path, rules, choice, authenticated, since, until, body, media, handler);
    }

    /** The same route, answered by somebody who may ask this one's handler. */
    public Route answeredBy(Handler other) {
        return new Route(method, path, rules, choice, authenticated, since, until, body, media, other);
    }

    List<String> segments() {
        return path.equals("/") ? List.of() : List.of(path.substring(1).split("/"));
    }

    /** Collects what a route says of itself; {@link #to} ends the line. */
    public static final class Builder {
        private final String method;
        private final String path;
        private List<PolicyRule> rules = List.of();
        private @Nullable Choice choice;
        private boolean authenticated = true;
        private int since = 0;
        private int until = Integer.MAX_VALUE;
        private @Nullable Schema body;
        private Set<String> media = Set.of();

        private Builder(String method, String path) {
            this.method = method;
            this.path = path;
        }

        /** Who may do it. Checked with the caller's own project as target; the handler checks again with the object. */
        public Builder policy(PolicyRule policy) {
            this.rules = List.of(policy);
            return this;
        }

        /**
         * Who may do it, for rules that only make sense with the object. The body is read before but not yet checked
         * against its schema. A target whose object does not exist is best left empty, so that who may not see it gets
         * 403 whether it exists or not; a target that faults with NOT_FOUND tells everybody.
         */
        public Builder policy(PolicyRule policy, Target target) {
            return policy(List.of(policy), request -> new Check(policy, target.of(request)));
        }

        /** Who may do it, where another rule holds for some requests. */
        public Builder policy(List<PolicyRule> rules, Choice choice) {
            this.rules = rules;
            this.choice = choice;
            return this;
        }

        /**
         * Who may do it, where the handler checks the rule with the object that it reads anyway. For objects of which
         * who may not see them is told that they do not exist, whatever was wanted of them. A test has to show of each
         * such route that the handler does.
         */
        public Builder policyInHandler(PolicyRule policy) {
            return policy(List.of(policy), request -> null);
        }

        /** Needs no token; for version documents and logins. */
        public Builder open() {
            this.authenticated = false;
            return this;
        }

        public Builder since(int minor) {
            this.since = minor;
            return this;
        }

        public Builder until(int minor) {
            this.until = minor;
            return this;
        }

        public Builder body(Schema body) {
            this.body = body;
            return this;
        }

        /** Takes a body of these media types too. */
        public Builder media(String... types) {
            this.media = Set.of(types);
            return this;
        }

        public Route to(Handler handler) {
            if (authenticated && rules.isEmpty()) {
                throw new IllegalStateException(
                        method + " " + path + " says neither who may do it nor that it is open");
            }
            return new Route(method, path, rules, choice, authenticated, since, until, body, media, handler);
        }
    }
}
