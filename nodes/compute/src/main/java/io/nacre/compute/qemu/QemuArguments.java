package io.nacre.compute.qemu;

import io.nacre.base.Fault;
import io.nacre.base.Json;
import io.nacre.contracts.node.ComputeNode.GuestSpec;
import io.nacre.contracts.node.ComputeNode.ImageSource;
import io.nacre.contracts.node.ComputeNode.Vif;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The hardware of a guest as QEMU's command line.
 *
 * <p>Every device has a fixed place, so that a guest finds the same hardware after each start and a saved memory fits.
 * On the PC machine: slot 2 screen, 3 random numbers, 4 SCSI controller, 5 to 8 disks, 16 to 31 network cards. The
 * q35 machine takes plugged cards only in root ports, so it has one ready for each card.
 */
final class QemuArguments {
    private static final Map<String, String> NIC_MODELS = Map.of(
            "virtio", "virtio-net-pci",
            "e1000", "e1000",
            "e1000e", "e1000e",
            "rtl8139", "rtl8139",
            "ne2k_pci", "ne2k_pci",
            "pcnet", "pcnet",
            "vmxnet3", "vmxnet3");
    private static final Map<String, String> SCREENS =
            Map.of("vga", "VGA", "cirrus", "cirrus-vga", "virtio", "virtio-vga", "bochs", "bochs-display", "none", "");
    private static final Set<String> DISK_BUSES = Set.of("virtio", "scsi", "ide", "sata");
    private static final int FIRST_DISK_SLOT = 5;
    private static final int FIRST_NIC_SLOT = 16;
    private static final int ROOT_PORTS_SLOT = 0x10;

    private final GuestRecord guest;
    private final GuestDirectory files;
    private final boolean kvm;
    private final List<String> words = new ArrayList<>();
    private int disks;
    private int ideDevices;

    private QemuArguments(GuestRecord guest, GuestDirectory files, boolean kvm) {
        this.guest = guest;
        this.files = files;
        this.kvm = kvm;
    }

    /** @param image the file the root disk lies over, or the CD; null for a guest without an image */
    static List<String> of(GuestRecord guest, GuestDirectory files, @Nullable Path image, boolean kvm) {
        QemuArguments arguments = new QemuArguments(guest, files, kvm);
        arguments.base();
        arguments.sockets();
        arguments.devices();
        arguments.storage(image);
        arguments.network();
        return List.copyOf(arguments.words);
    }

    /** Refuses what no machine here can be made of, before anything is made. */
    static void check(GuestSpec spec) {
        property(spec, "hw_disk_bus", "virtio", DISK_BUSES);
        property(spec, "hw_video_model", "vga", SCREENS.keySet());
        property(spec, "hw_firmware_type", "bios", Set.of("bios"));
        spec.vifs().forEach(QemuArguments::nicModel);
    }

    static String nicModel(Vif vif) {
        String model = NIC_MODELS.get(vif.model().isEmpty() ? "virtio" : vif.model());
        if (model == null) {
            throw Fault.invalid("Network card model " + vif.model() + " is not supported by this hypervisor.");
        }
        return model;
    }

    private static String property(GuestSpec spec, String name, String normal, Set<String> known) {
        String value = spec.properties().getOrDefault(name, normal).toLowerCase(Locale.ROOT);
        if (!known.contains(value)) {
            throw Fault.invalid("Image property " + name + "=" + value + " is not supported by this hypervisor.");
        }
        return value;
    }

    private void base() {
        GuestSpec spec = guest.spec();
        add(QemuProgram.PATH, "-name", "guest=" + value(spec.name()) + ",debug-threads=on", "-uuid", guest.id());
        add("-no-user-config", "-nodefaults", "-S", "-display", "none", "-monitor", "none");
        add("-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny");
        add("-machine", guest.machine() + ",dump-guest-core=off");
        if (kvm) {
            add("-accel", "kvm", "-cpu", "host");
        } else {
            // the translation cache is 1 GiB by default; 32 MiB are hardly slower for a small guest
            add("-accel", "tcg,tb-size=" + (spec.memoryMiB() > 1024 ? 64 : 32));
            // max has what newer distributions ask for; five-level paging breaks older boot loaders
            add("-cpu", "max,la57=off");
        }
        add("-m", spec.memoryMiB() + "M", "-smp", topology(spec));
        boolean windows = spec.properties().getOrDefault("os_type", "linux").equals("windows");
        add("-rtc", "base=" + (windows ? "localtime" : "utc") + ",driftfix=slew", "-boot", "strict=on");
        // sleeping would leave a guest that nobody can wake
        String bridge = guest.q35() ? "ICH9-LPC" : "PIIX4_PM";
        add("-global", bridge + ".disable_s3=1", "-global", bridge + ".disable_s4=1");
    }

    private static String topology(GuestSpec spec) {
        int cores = number(spec, "hw_cpu_cores");
        int threads = number(spec, "hw_cpu_threads");
        if (spec.vcpus() % (cores * threads) != 0) {
            cores = 1;
            threads = 1;
        }
        int sockets = spec.vcpus() / (cores * threads);
        return spec.vcpus() + ",sockets=" + sockets + ",cores=" + cores + ",threads=" + threads;
    }

    private static int number(GuestSpec spec, String property) {
        String text = spec.properties().getOrDefault(property, "1");
        return text.matches("[1-9]\\d{0,2}") ? Integer.parseInt(text) : 1;
    }

    private void sockets() {
        add("-pidfile", files.pidFile().toString());
        add("-qmp", "unix:" + value(files.qmp()) + ",server=on,wait=off");
        add("-qmp", "unix:" + value(files.debugQmp()) + ",server=on,wait=off");
        add("-vnc", "unix:" + value(files.vnc()));
        add(
                "-chardev",
                "socket,id=serial0,path=" + value(files.serial()) + ",server=on,wait=off,logfile="
                        + value(files.consoleLog()) + ",logappend=on");
        add("-device", "isa-serial,chardev=serial0,id=serial0-device");
    }

    private void devices() {
        if (guest.q35()) {
            for (int i = 0; i < GuestRecord.NICS; i++) {
                int slot = ROOT_PORTS_SLOT + i / 8;
                add(
                        "-device",
                        "pcie-root-port,id=port" + i + ",bus=pcie.0,chassis=" + (i + 1) + ",addr=0x"
                                + Integer.toHexString(slot) + "." + i % 8 + (i % 8 == 0 ? ",multifunction=on" : ""));
            }
        }
        String screen = SCREENS.get(property(guest.spec(), "hw_video_model", "vga", SCREENS.keySet()));
        if (screen != null && !screen.isEmpty()) {
            add("-device", screen + ",id=video0" + place(2));
        }
        add("-object", "rng-random,id=rng0,filename=/dev/urandom");
        add("-device", "virtio-rng-pci,rng=rng0,id=rng0-device" + place(3));
        if (diskBus().equals("scsi")) {
            add("-device", "virtio-scsi-pci,id=scsi0" + place(4));
        }
    }

    private void storage(@Nullable Path image) {
        ImageSource source = guest.spec().image();
        boolean cd = source != null && source.diskFormat().equals("iso");
        if (files.disk().toFile().exists()) {
            Map<String, Object> backing = null;
            if (image != null && source != null && !cd) {
                backing = node("image", source.diskFormat(), file(image, true));
                backing.put("read-only", true);
                if (source.diskFormat().equals("qcow2")) {
                    backing.put("backing", null);
                }
            }
            Map<String, Object> disk = node("root", "qcow2", file(files.disk(), false));
            disk.put("discard", "unmap");
            // named here in full, so that QEMU follows no name that stands in a file
            disk.put("backing", backing);
            disk("root", disk, 1);
        }
        if (files.ephemeral().toFile().exists()) {
            disk("ephemeral", node("ephemeral", "raw", file(files.ephemeral(), false)), 0);
        }
        if (files.swap().toFile().exists()) {
            disk("swap", node("swap", "raw", file(files.swap(), false)), 0);
        }
        if (image != null && cd) {
            cdrom("cd", image, 2);
        }
        if (files.configDrive().toFile().exists()) {
            String bus = guest.spec().properties().getOrDefault("hw_cdrom_bus", guest.q35() ? "virtio" : "ide");
            if (bus.equals("ide") || bus.equals("sata")) {
                cdrom("config", files.configDrive(), 0);
            } else {
                // not every system has the driver of q35's SATA controller; a disk it can always read
                Map<String, Object> drive = node("config", "raw", file(files.configDrive(), true));
                drive.put("read-only", true);
                blockdev(drive);
                add("-device", "virtio-blk-pci,drive=config,id=config-device,serial=config-2" + diskPlace());
            }
        }
    }

    private String diskBus() {
        String bus = property(guest.spec(), "hw_disk_bus", "virtio", DISK_BUSES);
        return bus.equals("sata") ? "ide" : bus;
    }

    private void disk(String name, Map<String, Object> node, int bootIndex) {
        blockdev(node);
        String common = "drive=" + name + ",id=" + name + "-device,serial=" + name
                + (bootIndex > 0 ? ",bootindex=" + bootIndex : "");
        switch (diskBus()) {
            case "scsi" -> add("-device", "scsi-hd,bus=scsi0.0,lun=" + disks++ + "," + common);
            case "ide" -> add("-device", "ide-hd," + common + idePlace());
            default -> add("-device", "virtio-blk-pci," + common + diskPlace());
        }
    }

    private void cdrom(String name, Path file, int bootIndex) {
        Map<String, Object> node = node(name, "raw", file(file, true));
        node.put("read-only", true);
        blockdev(node);
        add(
                "-device",
                "ide-cd,drive=" + name + ",id=" + name + "-device" + idePlace()
                        + (bootIndex > 0 ? ",bootindex=" + bootIndex : ""));
    }

    private String place(int slot) {
        return ",bus=" + (guest.q35() ? "pcie.0" : "pci.0") + ",addr=0x" + Integer.toHexString(slot);
    }

    private String diskPlace() {
        return place(FIRST_DISK_SLOT + disks++);
    }

    /** The PC has two cables for two devices each, q35 six for one each. */
    private String idePlace() {
        int at = ideDevices++;
        return guest.q35() ? ",bus=ide." + at : ",bus=ide." + at / 2 + ",unit=" + at % 2;
    }

    private void network() {
        for (GuestRecord.Nic nic : guest.nics()) {
            add("-netdev", options(netdev(nic, kvm)));
            add("-device", options(device(nic, guest.q35())));
        }
    }

    static String netdevId(String portId) {
        return "net-" + portId;
    }

    static String deviceId(String portId) {
        return "nic-" + portId;
    }

    /** As {@code netdev_add} wants it, and {@code -netdev}. */
    static Map<String, Object> netdev(GuestRecord.Nic nic, boolean kvm) {
        Map<String, Object> netdev = new LinkedHashMap<>();
        netdev.put("type", "tap");
        netdev.put("id", netdevId(nic.vif().portId()));
        netdev.put("ifname", nic.vif().device());
        netdev.put("script", "no");
        netdev.put("downscript", "no");
        if (kvm && Path.of("/dev/vhost-net").toFile().exists()) {
            netdev.put("vhost", true);
        }
        return netdev;
    }

    /** As {@code device_add} wants it, and {@code -device}. */
    static Map<String, Object> device(GuestRecord.Nic nic, boolean q35) {
        String model = nicModel(nic.vif());
        Map<String, Object> device = new LinkedHashMap<>();
        device.put("driver", model);
        device.put("id", deviceId(nic.vif().portId()));
        device.put("netdev", netdevId(nic.vif().portId()));
        device.put("mac", nic.vif().mac());
        device.put("bus", q35 ? "port" + nic.slot() : "pci.0");
        device.put("addr", q35 ? "0x0" : "0x" + Integer.toHexString(FIRST_NIC_SLOT + nic.slot()));
        // booting from the network would hold up every guest whose disk is not bootable
        device.put("romfile", "");
        if (model.equals("virtio-net-pci") && nic.vif().mtu() > 0) {
            device.put("host_mtu", nic.vif().mtu());
        }
        return device;
    }

    private static Map<String, Object> file(Path file, boolean readOnly) {
        Map<String, Object> node = new LinkedHashMap<>();
        node.put("driver", "file");
        node.put("filename", file.toString());
        if (readOnly) {
            node.put("read-only", true);
        }
        return node;
    }

    private static Map<String, Object> node(String name, String format, Map<String, Object> file) {
        Map<String, Object> node = new LinkedHashMap<>();
        node.put("node-name", name);
        node.put("driver", format);
        node.put("file", file);
        return node;
    }

    private void blockdev(Map<String, Object> node) {
        add("-blockdev", Json.write(node));
    }

    private void add(String... more) {
        words.addAll(List.of(more));
    }

    /** A list of options: older versions of QEMU take no JSON here. */
    private static String options(Map<String, Object> values) {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + (entry.getValue().equals(true) ? "on" : value(entry.getValue())))
                .collect(Collectors.joining(","));
    }

    /** QEMU's option lists write a comma as two. */
    private static String value(Object text) {
        return text.toString().replace(",", ",,");
    }
}
