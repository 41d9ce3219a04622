package io.nacre.compute.qemu;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What this driver can do, in the names of os-traits, and what the host's processors can. */
final class QemuTraits {
    private static final List<String> ALWAYS = List.of(
            "COMPUTE_ARCH_X86_64",
            "COMPUTE_GRAPHICS_MODEL_BOCHS",
            "COMPUTE_GRAPHICS_MODEL_CIRRUS",
            "COMPUTE_GRAPHICS_MODEL_NONE",
            "COMPUTE_GRAPHICS_MODEL_VGA",
            "COMPUTE_GRAPHICS_MODEL_VIRTIO",
            "COMPUTE_IMAGE_TYPE_ISO",
            "COMPUTE_IMAGE_TYPE_QCOW2",
            "COMPUTE_IMAGE_TYPE_RAW",
            "COMPUTE_NET_ATTACH_INTERFACE",
            "COMPUTE_NET_VIF_MODEL_E1000",
            "COMPUTE_NET_VIF_MODEL_E1000E",
            "COMPUTE_NET_VIF_MODEL_NE2K_PCI",
            "COMPUTE_NET_VIF_MODEL_PCNET",
            "COMPUTE_NET_VIF_MODEL_RTL8139",
            "COMPUTE_NET_VIF_MODEL_VIRTIO",
            "COMPUTE_NET_VIF_MODEL_VMXNET3",
            "COMPUTE_NODE",
            "COMPUTE_STORAGE_BUS_IDE",
            "COMPUTE_STORAGE_BUS_SATA",
            "COMPUTE_STORAGE_BUS_SCSI",
            "COMPUTE_STORAGE_BUS_VIRTIO",
            "HW_ARCH_X86_64");

    /** The kernel's names of processor features, where they are not simply the trait's in lower case. */
    private static final Map<String, List<String>> FEATURES = Map.ofEntries(
            Map.entry("pclmulqdq", List.of("CLMUL")),
            Map.entry("fma", List.of("FMA3")),
            Map.entry("pni", List.of("SSE3")),
            Map.entry("sse4_1", List.of("SSE41")),
            Map.entry("sse4_2", List.of("SSE42")),
            Map.entry("avx512_vnni", List.of("AVX512VNNI")),
            Map.entry("avx512vbmi", List.of("AVX512VBMI")),
            Map.entry("avx512ifma", List.of("AVX512IFMA")),
            Map.entry("avx512_vbmi2", List.of("AVX512VBMI2")),
            Map.entry("avx512_bitalg", List.of("AVX512BITALG")),
            Map.entry("vaes", List.of("AVX512VAES")),
            Map.entry("gfni", List.of("AVX512GFNI")),
            Map.entry("vpclmulqdq", List.of("AVX512VPCLMULQDQ")),
            Map.entry("avx512_vpopcntdq", List.of("AVX512VPOPCNTDQ")),
            Map.entry("bmi1", List.of("BMI")),
            Map.entry("aes", List.of("AESNI")),
            Map.entry("sha_ni", List.of("SHA")),
            Map.entry("rtm", List.of("TSX")),
            Map.entry("vmx", List.of("VMX", "INTEL_VMX")),
            Map.entry("svm", List.of("SVM", "AMD_SVM")));

    private static final List<String> SAME = List.of(
            "abm",
            "avx",
            "avx2",
            "avx512bw",
            "avx512cd",
            "avx512dq",
            "avx512er",
            "avx512f",
            "avx512pf",
            "avx512vl",
            "bmi2",
            "f16c",
            "fma4",
            "mmx",
            "mpx",
            "pdpe1gb",
            "sgx",
            "sse",
            "sse2",
            "sse4a",
            "ssse3",
            "stibp",
            "tbm",
            "xop",
            "3dnow");

    private QemuTraits() {}

    /** @param features the kernel's flags; only a guest on KVM sees the host's processor */
    static List<String> of(boolean kvm, List<String> features) {
        TreeSet<String> traits = new TreeSet<>(ALWAYS);
        if (kvm) {
            traits.addAll(features.stream()
                    .flatMap(QemuTraits::names)
                    .map(name -> "HW_CPU_X86_" + name)
                    .collect(Collectors.toSet()));
        }
        return List.copyOf(traits);
    }

    private static Stream<String> names(String feature) {
        return SAME.contains(feature)
                ? Stream.of(feature.toUpperCase(Locale.ROOT))
                : FEATURES.getOrDefault(feature, List.of()).stream();
    }
}
