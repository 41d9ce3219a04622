package io.nacre.compute;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the kernel says of this host, from {@code /proc} (man 5 proc). Reads afresh at every call. */
public final class HostFacts {
    private static final Map<String, String> VENDORS = Map.of("GenuineIntel", "Intel", "AuthenticAMD", "AMD");

    private final Path proc;
    private final InstantSource clock;

    public HostFacts(Path proc, InstantSource clock) {
        this.proc = proc;
        this.clock = clock;
    }

    public record Memory(int totalMiB, int usedMiB) {}

    public record Disk(int totalGiB, int freeGiB) {}

    /** @param features the kernel's flag names */
    public record Cpu(String vendor, String model, int count, int sockets, int coresPerSocket, List<String> features) {

        /** As {@code cpu_info} of a hypervisor shows it. */
        public Map<String, Object> info(String arch) {
            int cores = Math.max(1, coresPerSocket);
            Map<String, Object> topology = new LinkedHashMap<>();
            topology.put("cells", 1);
            topology.put("sockets", Math.max(1, sockets));
            topology.put("cores", cores);
            topology.put("threads", Math.max(1, count / (cores * Math.max(1, sockets))));
            Map<String, Object> info = new LinkedHashMap<>();
            info.put("arch", arch);
            info.put("model", model);
            info.put("vendor", vendor);
            info.put("topology", topology);
            info.put("features", features);
            return info;
        }
    }

    public Memory memory() {
        Map<String, Long> kib = new TreeMap<>();
        for (String line : lines("meminfo")) {
            String[] words = line.split("[:\\s]+");
            if (words.length >= 2) {
                kib.put(words[0], Long.parseLong(words[1]));
            }
        }
        long total = kib.getOrDefault("MemTotal", 0L);
        long available = kib.getOrDefault("MemAvailable", 0L);
        return new Memory((int) (total / 1024), (int) ((total - available) / 1024));
    }

    public Cpu cpu() {
        Map<String, String> first = new TreeMap<>();
        Set<String> sockets = new HashSet<>();
        int count = 0;
        for (String line : lines("cpuinfo")) {
            int colon = line.indexOf(':');
            if (colon < 0) {
                continue;
            }
            String key = line.substring(0, colon).strip();
            String value = line.substring(colon + 1).strip();
            first.putIfAbsent(key, value);
            if (key.equals("processor")) {
                count++;
            } else if (key.equals("physical id")) {
                sockets.add(value);
            }
        }
        String vendor = first.getOrDefault("vendor_id", "unknown");
        String flags = first.getOrDefault("flags", "");
        return new Cpu(
                VENDORS.getOrDefault(vendor, vendor),
                first.getOrDefault("model name", "unknown"),
                Math.max(1, count),
                Math.max(1, sockets.size()),
                Integer.parseInt(first.getOrDefault("cpu cores", "1")),
                flags.isEmpty()
                        ? List.of()
                        : List.of(flags.split(" ")).stream().sorted().toList());
    }

    public Instant bootedAt() {
        double seconds = Double.parseDouble(lines("uptime").getFirst().split(" ")[0]);
        return clock.instant().minusMillis((long) (seconds * 1000));
    }

    /** The three averages as {@code uptime} prints them. */
    public String loadAverages() {
        String[] words = lines("loadavg").getFirst().split(" ");
        return words[0] + ", " + words[1] + ", " + words[2];
    }

    public static Disk disk(Path directory) {
        try {
            FileStore store = Files.getFileStore(directory);
            return new Disk((int) (store.getTotalSpace() >> 30), (int) (store.getUsableSpace() >> 30));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> lines(String file) {
        try {
            return Files.readAllLines(proc.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
