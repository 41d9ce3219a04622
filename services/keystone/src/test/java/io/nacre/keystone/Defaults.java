package io.nacre.keystone;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** The table of who may do what, and whom it means. It knows nothing of Nacre's policy. */
final class Defaults {
    private Defaults() {}

    /** Whose the things are that a request names. */
    enum Whose {
        OWN,
        OTHERS,
        NOBODYS,
        /** The user is the persona; the rest belongs to others. */
        CROSSED
    }

    /**
     * Somebody with a token.
     *
     * @param scope S, D, P, or N for none
     */
    record Persona(String name, String userId, char scope, Set<String> roles, String token) {}

    /** A line of the table. */
    record Line(String method, String path, String scopes, List<String> who) {
        boolean allows(Persona persona, Whose whose) {
            char scope = persona.scope() == 'N' ? 'P' : persona.scope();
            return (scopes.equals("-") || scopes.indexOf(scope) >= 0)
                    && who.stream().anyMatch(one -> means(one, persona, whose == Whose.OWN));
        }

        private static boolean means(String who, Persona persona, boolean own) {
            Set<String> roles = persona.roles();
            char scope = persona.scope();
            return switch (who) {
                case "anybody" -> true;
                case "admin", "service" -> roles.contains(who);
                case "system-reader" -> scope == 'S' && roles.contains("reader");
                case "system-admin" -> scope == 'S' && roles.contains("admin");
                case "domain-reader" -> own && scope == 'D' && roles.contains("reader");
                case "self" -> own;
                case "member-self" -> own && roles.contains("member");
                case "in-domain" -> own && (scope == 'D' || scope == 'P');
                case "in-domain-token" -> own && scope == 'D';
                case "in-project" -> own && scope == 'P';
                default -> throw new IllegalArgumentException(who);
            };
        }

        /** Method and path with the names of the parameters taken out. */
        String key() {
            return key(method, path);
        }

        static String key(String method, String path) {
            return method + " " + path.replaceAll("\\?.*", "").replaceAll("\\{[^}]*}", "{}");
        }
    }

    static List<Line> read() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(Defaults.class.getResourceAsStream("authorization.txt")),
                StandardCharsets.UTF_8))) {
            return in.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" +"))
                    .map(words -> new Line(
                            words[0], words[1], words[2], List.of(words).subList(3, words.length)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
