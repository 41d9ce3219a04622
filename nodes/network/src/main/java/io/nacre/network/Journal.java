package io.nacre.network;

import io.nacre.base.Fault;
import io.nacre.base.Json;
import io.nacre.contracts.node.NetworkNode.NetworkSpec;
import io.nacre.contracts.node.NetworkNode.PortSpec;
import io.nacre.contracts.node.NetworkNode.RouterSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/**
 * The declarations this host was given, one small file for each, so that a change costs the same however many there
 * are. A file is replaced by renaming; after a power cut one may be missing or empty, which does no harm: the
 * kernel's state is gone as well then, and the controller declares again what the inventory lacks.
 */
final class Journal {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final int NUMBERS = 65_536;

    final Shelf<NetworkSpec> networks;
    final Shelf<PortSpec> ports;
    final Shelf<RouterSpec> routers;

    Journal(Path directory) {
        networks = new Shelf<>(directory.resolve("networks"), new TypeReference<>() {}, NetworkSpec::id);
        ports = new Shelf<>(directory.resolve("ports"), new TypeReference<>() {}, PortSpec::id);
        routers = new Shelf<>(directory.resolve("routers"), new TypeReference<>() {}, RouterSpec::id);
    }

    /** All declarations of one kind. */
    static final class Shelf<T> {
        private final Path directory;
        private final TypeReference<Numbered<T>> type;
        private final Function<T, String> id;
        private final Map<String, Numbered<T>> known = new ConcurrentHashMap<>();
        private final BitSet taken = new BitSet(NUMBERS);

        private Shelf(Path directory, TypeReference<Numbered<T>> type, Function<T, String> id) {
            this.directory = directory;
            this.type = type;
            this.id = id;
            taken.set(0);
            load();
        }

        @Nullable
        T get(String key) {
            Numbered<T> found = known.get(key);
            return found == null ? null : found.spec();
        }

        Optional<Numbered<T>> find(String key) {
            return Optional.ofNullable(known.get(key));
        }

        /** In the order of their numbers, which is about that of their coming. */
        List<Numbered<T>> all() {
            return known.values().stream()
                    .sorted((a, b) -> Integer.compare(a.number(), b.number()))
                    .toList();
        }

        /** Keeps the declaration in place of an older one; the number stays. */
        Numbered<T> put(T spec) {
            String key = id.apply(spec);
            Numbered<T> before = known.get(key);
            Numbered<T> entry = new Numbered<>(spec, before == null ? number() : before.number());
            if (!entry.equals(before)) {
                write(key, entry);
                known.put(key, entry);
            }
            return entry;
        }

        void remove(String key) {
            Numbered<T> entry = known.get(key);
            if (entry == null) {
                return;
            }
            try {
                Files.deleteIfExists(file(key));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            known.remove(key);
            synchronized (taken) {
                taken.clear(entry.number());
            }
        }

        private int number() {
            synchronized (taken) {
                int free = taken.nextClearBit(1);
                if (free >= NUMBERS) {
                    throw Fault.unavailable("This host has no room for more than 65535 of a kind.");
                }
                taken.set(free);
                return free;
            }
        }

        private Path file(String key) {
            return directory.resolve(key + ".json");
        }

        private void write(String key, Numbered<T> entry) {
            try {
                Path draft = directory.resolve(key + ".draft");
                Files.write(draft, Json.bytes(entry));
                Files.move(draft, file(key), StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void load() {
            try {
                Files.createDirectories(directory);
                try (Stream<Path> files = Files.list(directory)) {
                    for (Path file : files.toList()) {
                        if (file.toString().endsWith(".json")) {
                            load(file);
                        } else {
                            // A draft whose writer was killed.
                            Files.delete(file);
                        }
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void load(Path file) {
            try {
                Numbered<T> entry = Json.read(Files.readString(file), type);
                known.put(id.apply(entry.spec()), entry);
                taken.set(entry.number());
            } catch (JacksonException | IOException e) {
                LOG.warn("{} cannot be read and is left out; the controller will declare it again", file, e);
            }
        }
    }
}
