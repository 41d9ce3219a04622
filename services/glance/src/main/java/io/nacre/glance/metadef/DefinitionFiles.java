package io.nacre.glance.metadef;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Json;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.glance.Clockwork;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Definitions in files of JSON, one namespace in each: what {@code glance-manage db_load_metadefs},
 * {@code db_unload_metadefs} and {@code db_export_metadefs} do for an operator (guide "glance-manage"). Each is one
 * transaction: a file that cannot be loaded leaves everything as it was.
 */
public final class DefinitionFiles {
    private static final String OWNER = "admin";

    private final Transactions transactions;
    private final NamespaceStore namespaces;
    private final ResourceTypeStore types;
    private final NamespaceContent content;
    private final Clockwork clockwork;

    DefinitionFiles(
            Transactions transactions,
            NamespaceStore namespaces,
            ResourceTypeStore types,
            NamespaceContent content,
            Clockwork clockwork) {
        this.transactions = transactions;
        this.namespaces = namespaces;
        this.types = types;
        this.content = content;
        this.clockwork = clockwork;
    }

    /** What becomes of a namespace that is there already. */
    public enum Existing {
        /** It stays as it is. */
        KEEP,
        /** It gets what it does not have. */
        COMPLETE,
        /** The same, and what both have becomes as in the file. */
        UPDATE,
        /** It becomes what is in the file, and nothing else. */
        REPLACE
    }

    /** What was done with a namespace. */
    public enum Result {
        ADDED,
        KEPT,
        CHANGED
    }

    /** Loads the definitions that come with the program, also those that were deleted since. */
    public Map<String, Result> loadStandard(Existing existing) {
        return load(StandardDefinitions.bodies(), existing);
    }

    /**
     * Loads a file, or those of a folder that end in .json. Answers what became of each namespace. Faults with NOT_FOUND
     * when there are none, INVALID with the name of a file that is not a namespace as the API takes it.
     */
    public Map<String, Result> load(Path path, Existing existing) {
        List<JsonNode> bodies = new ArrayList<>();
        for (Path file : files(path)) {
            try (InputStream in = Files.newInputStream(file)) {
                JsonNode body = Json.parse(in);
                NamespaceApi.BODY.check(body);
                NamespaceContent.check(body);
                bodies.add(body);
            } catch (FaultException e) {
                throw Fault.invalid(file + ": " + e.getMessage()).because(e);
            } catch (IOException e) {
                throw unusable(file, e);
            }
        }
        return load(bodies, existing);
    }

    private static List<Path> files(Path path) {
        if (Files.isRegularFile(path)) {
            return List.of(path);
        }
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(path, "*.json")) {
            found.forEach(files::add);
        } catch (IOException e) {
            throw unusable(path, e);
        }
        if (files.isEmpty()) {
            throw Fault.notFound("There are no files of definitions (.json) in " + path + ".");
        }
        files.sort(null);
        return files;
    }

    private static FaultException unusable(Path path, IOException why) {
        return Fault.notFound(path + " cannot be used: " + why).because(why);
    }

    private Map<String, Result> load(List<JsonNode> bodies, Existing existing) {
        return transactions.write(tx -> {
            Map<String, Result> results = new TreeMap<>();
            for (JsonNode body : bodies) {
                Namespace wanted = namespace(body, clockwork);
                results.put(wanted.namespace(), load(tx, wanted, body, existing));
            }
            return results;
        });
    }

    private Result load(Tx tx, Namespace wanted, JsonNode body, Existing existing) {
        Namespace there = namespaces.find(tx, wanted.namespace()).orElse(null);
        if (there == null) {
            add(tx, wanted, body);
            return Result.ADDED;
        }
        switch (existing) {
            case KEEP -> {
                return Result.KEPT;
            }
            case REPLACE -> {
                remove(tx, there);
                add(tx, wanted, body);
            }
            case COMPLETE -> {
                namespaces.hold(tx, there);
                content.merge(tx, there, body, false, wanted.updatedAt());
            }
            case UPDATE -> {
                namespaces.save(tx, there.saying(wanted));
                content.merge(tx, there, body, true, wanted.updatedAt());
            }
        }
        return Result.CHANGED;
    }

    private void add(Tx tx, Namespace namespace, JsonNode body) {
        namespaces.addAll(tx, List.of(namespace));
        content.add(tx, Map.of(namespace, body));
    }

    private void remove(Tx tx, Namespace namespace) {
        content.remove(tx, namespace);
        namespaces.remove(tx, namespace);
    }

    /** Removes all definitions, the protected ones and the resource types too. Answers how many namespaces there were. */
    public int unload() {
        return transactions.write(tx -> {
            List<Namespace> all = namespaces.all(tx);
            all.forEach(namespace -> remove(tx, namespace));
            types.removeAll(tx);
            return all.size();
        });
    }

    /** Writes each namespace to a file of its own, in place of what is there. Answers the files. */
    public List<Path> export(Path folder) {
        Map<String, JsonNode> bodies = transactions.read(tx -> {
            Map<String, JsonNode> all = new LinkedHashMap<>();
            namespaces.all(tx).forEach(namespace -> all.put(namespace.namespace(), body(tx, namespace)));
            return all;
        });
        Set<String> taken = new HashSet<>();
        List<Path> files = new ArrayList<>();
        try {
            Files.createDirectories(folder);
            for (Map.Entry<String, JsonNode> one : bodies.entrySet()) {
                Path file = folder.resolve(fileName(one.getKey(), taken));
                files.add(Files.writeString(file, one.getValue().toPrettyString() + "\n"));
            }
        } catch (IOException e) {
            throw unusable(folder, e);
        }
        return files;
    }

    private JsonNode body(Tx tx, Namespace namespace) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("namespace", namespace.namespace());
        body.put("display_name", namespace.displayName());
        body.put("description", namespace.description());
        body.put("owner", namespace.owner());
        body.put("visibility", namespace.visibility());
        body.put("protected", namespace.guarded());
        body.putAll(content.whole(tx, namespace));
        return Json.tree(Wire.known(body));
    }

    private static String fileName(String namespace, Set<String> taken) {
        String name = namespace.replaceAll("[^\\p{L}\\p{N}.-]+", "_");
        while (!taken.add(name)) {
            name += "_";
        }
        return name + ".json";
    }

    /** The namespace that a file describes. Without an owner it is {@code admin}'s, as in the original: nobody's project. */
    static Namespace namespace(JsonNode body, Clockwork clockwork) {
        Instant now = clockwork.now();
        return new Namespace(
                clockwork.id(),
                1,
                Wire.name(body.get("namespace").stringValue()),
                Wire.text(body, "display_name"),
                Wire.text(body, "description"),
                Objects.requireNonNullElse(Wire.text(body, "owner"), OWNER),
                Objects.requireNonNullElse(Wire.text(body, "visibility"), "private"),
                body.path("protected").booleanValue(false),
                now,
                now);
    }
}
