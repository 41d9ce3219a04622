package io.nacre.compute;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.compute.image.CachedImage;
import io.nacre.contracts.node.ComputeNode.GuestSpec;
import io.nacre.contracts.node.ComputeNode.ImageSource;
import io.nacre.contracts.node.ComputeNode.Vif;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a node does with the specification of a guest: refuse nonsense, keep it without secrets, know it again. */
public final class Specs {
    private static final Pattern GUEST_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,63}");
    private static final Pattern DEVICE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,14}");
    private static final Pattern MAC = Pattern.compile("([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}");
    private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,100}");
    private static final Pattern DRIVE_PATH =
            Pattern.compile("([A-Za-z0-9][A-Za-z0-9_.-]{0,60}/)*[A-Za-z0-9][A-Za-z0-9_.-]{0,60}");
    private static final URI NOWHERE = URI.create("about:blank");

    private Specs() {}

    /** Ids become names of directories and of hypervisor objects, so only plain ones are let in. */
    public static String guestId(String id) {
        return require(GUEST_ID, id, "guest id");
    }

    public static void check(GuestSpec spec) {
        guestId(spec.guestId());
        if (spec.vcpus() < 1 || spec.memoryMiB() < 1) {
            throw Fault.invalid("A guest needs at least one processor and one MiB of memory.");
        }
        if (spec.rootGiB() < 0 || spec.ephemeralGiB() < 0 || spec.swapMiB() < 0) {
            throw Fault.invalid("The size of a disk is not negative.");
        }
        spec.vifs().forEach(Specs::check);
        if (spec.vifs().stream().map(Vif::namespace).distinct().count() > 1) {
            throw Fault.invalid("All interfaces of a guest must be in one network namespace.");
        }
        if (spec.configDrive() != null) {
            spec.configDrive().keySet().forEach(path -> require(DRIVE_PATH, path, "path on a config drive"));
        }
    }

    public static void check(Vif vif) {
        require(GUEST_ID, vif.portId(), "port id");
        require(DEVICE, vif.device(), "device name");
        require(MAC, vif.mac(), "MAC address");
        if (vif.namespace() != null) {
            require(NAMESPACE, vif.namespace(), "network namespace");
        }
    }

    private static String require(Pattern pattern, String value, String what) {
        if (!pattern.matcher(value).matches()) {
            throw Fault.invalid("Not a valid " + what + ".");
        }
        return value;
    }

    /** What may be written down: without the image's token, and without the content of the config drive. */
    public static GuestSpec stored(GuestSpec spec) {
        ImageSource image = spec.image();
        return new GuestSpec(
                spec.guestId(),
                spec.name(),
                spec.vcpus(),
                spec.memoryMiB(),
                spec.rootGiB(),
                spec.ephemeralGiB(),
                spec.swapMiB(),
                image == null
                        ? null
                        : new ImageSource(
                                image.imageId(),
                                image.diskFormat(),
                                image.size(),
                                image.hashAlgorithm(),
                                image.hash(),
                                NOWHERE,
                                Map.of()),
                spec.vifs(),
                null,
                new TreeMap<>(spec.properties()));
    }

    /**
     * Whether two specifications mean the same guest. What may differ between two tries of one command does not
     * count: addresses and tokens, the content of the config drive, the devices that ports were plugged to.
     */
    public static boolean same(GuestSpec one, GuestSpec other) {
        return withoutVifs(one).equals(withoutVifs(other)) && ports(one).equals(ports(other));
    }

    private static List<String> ports(GuestSpec spec) {
        return spec.vifs().stream().map(vif -> vif.portId() + " " + vif.mac()).toList();
    }

    private static GuestSpec withoutVifs(GuestSpec spec) {
        GuestSpec s = stored(spec);
        return new GuestSpec(
                s.guestId(),
                s.name(),
                s.vcpus(),
                s.memoryMiB(),
                s.rootGiB(),
                s.ephemeralGiB(),
                s.swapMiB(),
                s.image(),
                List.of(),
                null,
                s.properties());
    }

    /** A disk can be larger than its image, never smaller. */
    public static FaultException diskTooSmall(int rootGiB, CachedImage image) {
        return Fault.invalid("The root disk of " + rootGiB + " GiB is smaller than image " + image.imageId()
                + ", which needs " + ((image.virtualBytes() + (1 << 30) - 1) >> 30) + " GiB.");
    }

    /** @param lines how many of the last lines; null for all */
    public static String lastLines(String text, @Nullable Integer lines) {
        if (lines == null) {
            return text;
        }
        // a newline at the very end closes the last line, it does not begin another
        int end = text.length();
        int start = text.endsWith("\n") ? end - 1 : end;
        for (int i = 0; i < lines && start >= 0; i++) {
            start = text.lastIndexOf('\n', start - 1);
        }
        return lines == 0 ? "" : text.substring(start + 1, end);
    }
}
