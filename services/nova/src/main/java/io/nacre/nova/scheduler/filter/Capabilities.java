package io.nacre.nova.scheduler.filter;

import io.nacre.nova.flavor.Flavor;
import io.nacre.nova.scheduler.Snapshot;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a flavor's extra specs ask of a host: {@code capabilities:NAME}, or a name without a scope. The value is a
 * plain one or an operator with operands (nova/scheduler/filters/extra_specs_ops.py).
 */
final class Capabilities {
    private static final String SCOPE = "capabilities:";

    private Capabilities() {}

    static boolean meets(Snapshot.Host host, Flavor flavor) {
        for (Map.Entry<String, String> spec : flavor.extraSpecs().entrySet()) {
            String key = spec.getKey();
            String name = key.startsWith(SCOPE) ? key.substring(SCOPE.length()) : key;
            if (name.contains(":")) {
                continue;
            }
            String has = capability(host, name);
            if (has == null || !matches(has, spec.getValue())) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable String capability(Snapshot.Host host, String name) {
        return switch (name) {
            case "hypervisor_type" -> host.report().hypervisorType();
            case "hypervisor_version" -> Integer.toString(host.report().hypervisorVersion());
            case "hypervisor_hostname" -> host.report().hypervisorHostname();
            case "host", "host_name" -> host.name();
            case "vcpus_total" -> Integer.toString(host.report().vcpus());
            case "vcpus_used" -> Integer.toString(host.used().vcpus());
            case "total_usable_ram_mb" -> Integer.toString(host.report().memoryMiB());
            case "free_ram_mb" -> Long.toString(host.freeRamMiB());
            case "free_disk_mb" -> Long.toString(host.freeDiskGiB() * 1024);
            case "total_usable_disk_gb" -> Integer.toString(host.report().diskGiB());
            case "num_instances" -> Integer.toString(host.used().servers());
            default -> text(host.report().cpu().get(name));
        };
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    static boolean matches(String has, String wanted) {
        List<String> words = Arrays.asList(wanted.trim().split("\\s+"));
        String operand = words.size() > 1 ? words.get(1) : "";
        return switch (words.getFirst()) {
            case "=", ">=" -> number(has) >= number(operand);
            case "==" -> number(has) == number(operand);
            case "!=" -> number(has) != number(operand);
            case "<=" -> number(has) <= number(operand);
            case "s==" -> has.equals(operand);
            case "s!=" -> !has.equals(operand);
            case "s<" -> has.compareTo(operand) < 0;
            case "s<=" -> has.compareTo(operand) <= 0;
            case "s>" -> has.compareTo(operand) > 0;
            case "s>=" -> has.compareTo(operand) >= 0;
            case "<in>" -> has.contains(operand);
            case "<or>" -> words.stream().filter(word -> !word.equals("<or>")).anyMatch(has::equals);
            default -> has.equals(wanted);
        };
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    static boolean sameArch(String wanted, String has) {
        return arch(wanted).equals(arch(has));
    }

    private static String arch(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "amd64", "x64", "x86-64" -> "x86_64";
            case "arm64" -> "aarch64";
            case "i386", "i486", "i586", "x86" -> "i686";
            case String other -> other;
        };
    }

    /** QEMU and KVM run the same guests, at another speed; the fake one runs what it is given. */
    static boolean sameType(String wanted, String has) {
        return wanted.equalsIgnoreCase(has) || (family(wanted) && family(has)) || has.equalsIgnoreCase("fake");
    }

    private static boolean family(String type) {
        return type.equalsIgnoreCase("qemu") || type.equalsIgnoreCase("kvm");
    }
}
