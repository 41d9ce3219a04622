package io.nacre.keystone.version;

import io.nacre.base.Packaged;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where the resources are, for clients that go by their relations (draft-nottingham-json-home-03). */
final class JsonHome {
    static final String MEDIA = "application/json-home";

    private static final String JSON = "application/json";
    private static final String BASE = "https://docs.openstack.org/api/openstack-identity/3/";
    private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");

    private final List<Resource> resources;
    private final Map<String, String> parameters;

    private record Resource(
            String relation, String path, @Nullable String status) {}

    JsonHome() {
        List<String[]> lines = Packaged.text(JsonHome.class, "home.txt")
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split(" +"))
                .toList();
        parameters = lines.stream()
                .filter(words -> words[0].startsWith("{"))
                .collect(Collectors.toUnmodifiableMap(words -> words[0], words -> words[1]));
        resources = lines.stream()
                .filter(words -> !words[0].startsWith("{"))
                .map(words -> new Resource(words[0], words[1], words.length == 3 ? words[2] : null))
                .toList();
    }

    /** @param root what stands before the paths */
    Map<String, Object> document(String root) {
        Map<String, Object> shown = new LinkedHashMap<>();
        resources.forEach(resource -> shown.put(BASE + resource.relation(), show(resource, root)));
        return Map.of("resources", shown);
    }

    private Map<String, Object> show(Resource resource, String root) {
        Map<String, String> variables = new LinkedHashMap<>();
        PARAMETER
                .matcher(resource.path())
                .results()
                .forEach(found -> variables.put(
                        found.group(1), BASE + parameters.getOrDefault(found.group(), "param/" + found.group(1))));
        Map<String, Object> shown = new LinkedHashMap<>();
        if (variables.isEmpty()) {
            shown.put("href", root + resource.path());
        } else {
            shown.put("href-template", root + resource.path());
            shown.put("href-vars", variables);
        }
        if (resource.status() != null) {
            shown.put("hints", Map.of("status", resource.status()));
        }
        return shown;
    }

    /** Whether a client likes it better than plain JSON (RFC 9110, section 12.5.1). */
    static boolean isPreferred(@Nullable String accept) {
        return accept != null && quality(accept, MEDIA) > quality(accept, JSON);
    }

    private static double quality(String accept, String media) {
        List<String> fitting = List.of("*/*", "application/*", media);
        return Arrays.stream(accept.split(","))
                .map(range -> range.strip().split("\\s*;\\s*"))
                .filter(range -> fitting.contains(range[0]))
                .max(Comparator.comparingInt(range -> fitting.indexOf(range[0])))
                .map(JsonHome::quality)
                .orElse(0.0);
    }

    private static double quality(String[] range) {
        return Arrays.stream(range)
                .filter(parameter -> parameter.matches("q=[01](\\.\\d{0,3})?"))
                .map(parameter -> Double.parseDouble(parameter.substring(2)))
                .findFirst()
                .orElse(1.0);
    }
}
