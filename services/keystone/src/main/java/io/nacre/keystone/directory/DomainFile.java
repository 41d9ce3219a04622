package io.nacre.keystone.directory;

import io.nacre.base.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A domain's settings in a file as keystone reads them: sections in brackets, a line for each option. */
final class DomainFile {
    private static final String PREFIX = "keystone.";
    private static final String SUFFIX = ".conf";

    private DomainFile() {}

    /** The options by section; none when there is no file for the domain, or it could not be one's name. */
    static Map<String, Map<String, Object>> read(Path directory, String domainName) {
        Path file = directory.resolve(PREFIX + domainName + SUFFIX).normalize();
        return directory.normalize().equals(file.getParent()) && Files.isRegularFile(file) ? read(file) : Map.of();
    }

    /** The options by section. Faults with UNAVAILABLE when the file cannot be read. */
    static Map<String, Map<String, Object>> read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw Fault.unavailable("The settings of a directory cannot be read.")
                    .because(e);
        }
    }

    /** The domains that have a file. */
    static List<String> names(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(PREFIX) && name.endsWith(SUFFIX))
                    .filter(name -> name.length() > PREFIX.length() + SUFFIX.length())
                    .map(name -> name.substring(PREFIX.length(), name.length() - SUFFIX.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Map<String, Object>> parse(String text) {
        Map<String, Map<String, Object>> sections = new LinkedHashMap<>();
        String section = "DEFAULT";
        for (String line : text.split("\\R")) {
            String bare = line.strip();
            if (bare.isEmpty() || bare.startsWith("#") || bare.startsWith(";")) {
                continue;
            }
            if (bare.startsWith("[") && bare.endsWith("]")) {
                section = bare.substring(1, bare.length() - 1).strip();
                continue;
            }
            int at = bare.indexOf('=');
            if (at > 0) {
                sections.computeIfAbsent(section, name -> new LinkedHashMap<>())
                        .put(
                                bare.substring(0, at).strip(),
                                bare.substring(at + 1).strip());
            }
        }
        return sections;
    }
}
