package io.nacre.compute.qemu;

import io.nacre.base.Fault;
import io.nacre.compute.Command;
import io.nacre.compute.ComputeConfig.VirtType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The installed QEMU: its version, the machines it knows, and whether it may use KVM. */
final class QemuProgram {
    static final String PATH = "qemu-system-x86_64";

    private static final Logger LOG = LoggerFactory.getLogger(QemuProgram.class);
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Pattern VERSION = Pattern.compile("version (\\d+)\\.(\\d+)(?:\\.(\\d+))?");
    private static final Pattern MACHINE = Pattern.compile("^(pc-(?:i440fx|q35)-[0-9.]+) ", Pattern.MULTILINE);
    private static final Pattern ALIAS = Pattern.compile("^(pc|q35) .*\\(alias of (\\S+)\\)", Pattern.MULTILINE);

    private final int version;
    private final Set<String> machines;
    private final String pc;
    private final String q35;
    private final CompletableFuture<Boolean> kvm;

    private QemuProgram(int version, Set<String> machines, String pc, String q35, CompletableFuture<Boolean> kvm) {
        this.version = version;
        this.machines = machines;
        this.pc = pc;
        this.q35 = q35;
        this.kvm = kvm;
    }

    /** Asks QEMU; the probe for KVM goes on in the background, for the first one can take two seconds to say no. */
    static QemuProgram look(VirtType type, Path state) {
        String version = ask("--version");
        String machines = ask("-machine", "help");
        Matcher number = VERSION.matcher(version);
        if (!number.find()) {
            throw Fault.internal("The version of QEMU could not be found out.");
        }
        int encoded = Integer.parseInt(number.group(1)) * 1_000_000
                + Integer.parseInt(number.group(2)) * 1000
                + (number.group(3) == null ? 0 : Integer.parseInt(number.group(3)));
        Set<String> names = new TreeSet<>();
        MACHINE.matcher(machines).results().forEach(found -> names.add(found.group(1)));
        String pc = "pc";
        String q35 = "q35";
        for (var found : ALIAS.matcher(machines).results().toList()) {
            if (found.group(1).equals("pc")) {
                pc = found.group(2);
            } else {
                q35 = found.group(2);
            }
        }
        CompletableFuture<Boolean> kvm = new CompletableFuture<>();
        Thread.ofVirtual().name("kvm-probe").start(() -> probe(type, encoded, state, kvm));
        return new QemuProgram(encoded, names, pc, q35, kvm);
    }

    private static void probe(VirtType type, int version, Path state, CompletableFuture<Boolean> answer) {
        try {
            boolean works = switch (type) {
                case KVM -> true;
                case QEMU -> false;
                case AUTO -> KvmProbe.kvmWorks(PATH, version, state);
            };
            LOG.info("Guests run {}", works ? "on KVM" : "emulated: KVM is not there, does not work or is not wanted");
            answer.complete(works);
        } catch (RuntimeException e) {
            LOG.warn("KVM could not be probed, guests run emulated", e);
            answer.complete(false);
        }
    }

    private static String ask(String... arguments) {
        Command.Output output = Command.run(
                LIMIT, Stream.concat(Stream.of(PATH), Stream.of(arguments)).toList());
        if (!output.ok()) {
            throw Fault.internal("QEMU does not run on this host.");
        }
        return output.out();
    }

    /** 7.2.22 is 7002022. */
    int version() {
        return version;
    }

    boolean kvm() {
        return kvm.join();
    }

    /**
     * The machine with its version, which a guest then keeps, so that a newer QEMU does not change its hardware.
     *
     * @param wanted the image's {@code hw_machine_type}: pc, q35 or a machine with its version
     */
    String machine(String wanted) {
        return switch (wanted) {
            case "pc" -> pc;
            case "q35" -> q35;
            default -> {
                if (!machines.contains(wanted)) {
                    throw Fault.invalid("Machine type " + wanted + " is not supported on this host.");
                }
                yield wanted;
            }
        };
    }
}
