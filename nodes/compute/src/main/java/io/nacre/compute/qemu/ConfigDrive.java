package io.nacre.compute.qemu;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Files as an ISO 9660 image (ECMA-119) with Joliet names (a second tree in UCS-2, as every system reads it), which is
 * what guests look for under the label config-2. Everything fits in memory: a config drive is small.
 *
 * <p>Names in the first tree are written as they are, longer and in lower case, as mkisofs does when told to relax;
 * only systems without Joliet see them.
 */
final class ConfigDrive {
    private static final int SECTOR = 2048;
    private static final int FIRST = 16;
    private static final String LABEL = "config-2";

    /** A folder and, once {@link #place} has run, where it and its records lie. */
    private static final class Folder {
        final Map<String, Folder> folders = new TreeMap<>();
        final Map<String, byte[]> files = new TreeMap<>();
        final Map<String, Integer> fileSectors = new TreeMap<>();
        Folder parent = this;
        String name = "";
        int number;
        final int[] sector = new int[2];
        final int[] length = new int[2];
    }

    private static final int PLAIN = 0;
    private static final int JOLIET = 1;

    private final Folder root = new Folder();
    private final List<Folder> folders = new ArrayList<>();
    private final byte[] time;
    private final int[] tableSector = new int[4];
    private final int[] tableLength = new int[2];
    private int end;

    private ConfigDrive(Map<String, byte[]> files, Instant now) {
        ZonedDateTime at = now.atZone(ZoneOffset.UTC);
        time = new byte[] {
            (byte) (at.getYear() - 1900),
            (byte) at.getMonthValue(),
            (byte) at.getDayOfMonth(),
            (byte) at.getHour(),
            (byte) at.getMinute(),
            (byte) at.getSecond(),
            0
        };
        files.forEach(this::add);
        // parents before children, siblings by name, as path tables want it
        List<Folder> level = List.of(root);
        while (!level.isEmpty()) {
            List<Folder> next = new ArrayList<>();
            for (Folder folder : level) {
                folders.add(folder);
                folder.number = folders.size();
                next.addAll(folder.folders.values());
            }
            next.sort(Comparator.<Folder>comparingInt(folder -> folder.parent.number)
                    .thenComparing(folder -> folder.name));
            level = next;
        }
        place();
    }

    /** @param files path to content, folders are made as paths name them */
    static byte[] image(Map<String, byte[]> files, Instant now) {
        return new ConfigDrive(files, now).write();
    }

    private void add(String path, byte[] content) {
        Folder folder = root;
        String[] names = path.split("/");
        for (int i = 0; i < names.length - 1; i++) {
            Folder parent = folder;
            String name = names[i];
            folder = folder.folders.computeIfAbsent(name, key -> {
                Folder made = new Folder();
                made.parent = parent;
                made.name = name;
                return made;
            });
        }
        folder.files.put(names[names.length - 1], content);
    }

    /** Gives every part its place: descriptors, path tables, the folders of both trees, the files they share. */
    private void place() {
        int at = FIRST + 3;
        for (int tree = PLAIN; tree <= JOLIET; tree++) {
            tableLength[tree] = table(tree, ByteOrder.LITTLE_ENDIAN).length;
            for (int order = 0; order < 2; order++) {
                tableSector[2 * tree + order] = at;
                at += sectors(tableLength[tree]);
            }
        }
        for (int tree = PLAIN; tree <= JOLIET; tree++) {
            for (Folder folder : folders) {
                folder.sector[tree] = at;
                folder.length[tree] = records(folder, tree).length;
                at += sectors(folder.length[tree]);
            }
        }
        for (Folder folder : folders) {
            for (Map.Entry<String, byte[]> file : folder.files.entrySet()) {
                folder.fileSectors.put(file.getKey(), at);
                at += sectors(file.getValue().length);
            }
        }
        end = at;
    }

    private byte[] write() {
        ByteBuffer disk = ByteBuffer.allocate(end * SECTOR);
        for (int tree = PLAIN; tree <= JOLIET; tree++) {
            disk.put((FIRST + tree) * SECTOR, descriptor(tree));
            disk.put(tableSector[2 * tree] * SECTOR, table(tree, ByteOrder.LITTLE_ENDIAN));
            disk.put(tableSector[2 * tree + 1] * SECTOR, table(tree, ByteOrder.BIG_ENDIAN));
            for (Folder folder : folders) {
                disk.put(folder.sector[tree] * SECTOR, records(folder, tree));
            }
        }
        disk.put((FIRST + 2) * SECTOR, new byte[] {(byte) 255, 'C', 'D', '0', '0', '1', 1});
        for (Folder folder : folders) {
            folder.files.forEach((name, content) -> disk.put(fileSector(folder, name) * SECTOR, content));
        }
        return disk.array();
    }

    private static int fileSector(Folder folder, String name) {
        return folder.fileSectors.getOrDefault(name, 0);
    }

    /** Volume descriptor, ECMA-119 8.4 and 8.5. */
    private byte[] descriptor(int tree) {
        ByteBuffer d = ByteBuffer.allocate(SECTOR);
        d.put((byte) (tree == PLAIN ? 1 : 2))
                .put("CD001".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 1);
        text(d, 8, 32, "", tree);
        text(d, 40, 32, LABEL, tree);
        both(d, 80, end);
        if (tree == JOLIET) {
            d.put(88, new byte[] {'%', '/', 'E'});
        }
        both16(d, 120, 1);
        both16(d, 124, 1);
        both16(d, 128, SECTOR);
        both(d, 132, tableLength[tree]);
        d.order(ByteOrder.LITTLE_ENDIAN).putInt(140, tableSector[2 * tree]);
        d.order(ByteOrder.BIG_ENDIAN).putInt(148, tableSector[2 * tree + 1]);
        d.put(156, record(new byte[] {0}, root.sector[tree], SECTOR * sectors(root.length[tree]), true));
        text(d, 190, 623, "", tree);
        for (int at = 813; at < 881; at += 17) {
            for (int i = 0; i < 16; i++) {
                d.put(at + i, (byte) '0');
            }
        }
        d.put(881, (byte) 1);
        return d.array();
    }

    /** Path table, ECMA-119 9.4. */
    private byte[] table(int tree, ByteOrder order) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Folder folder : folders) {
            byte[] name = folder == root ? new byte[] {0} : name(folder.name, tree);
            ByteBuffer entry =
                    ByteBuffer.allocate(8 + name.length + name.length % 2).order(order);
            entry.put((byte) name.length).put((byte) 0).putInt(folder.sector[tree]);
            entry.putShort((short) folder.parent.number).put(name);
            out.writeBytes(entry.array());
        }
        return out.toByteArray();
    }

    /** The records of a folder, none of which may cross a sector, ECMA-119 6.8.1 and 9.1. */
    private byte[] records(Folder folder, int tree) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        append(out, record(new byte[] {0}, folder, tree));
        append(out, record(new byte[] {1}, folder.parent, tree));
        Map<String, byte[]> entries = new TreeMap<>();
        folder.folders.forEach((name, inner) -> entries.put(name, record(name(name, tree), inner, tree)));
        folder.files.forEach((name, content) ->
                entries.put(name, record(name(name + ";1", tree), fileSector(folder, name), content.length, false)));
        entries.values().forEach(record -> append(out, record));
        return out.toByteArray();
    }

    private byte[] record(byte[] name, Folder folder, int tree) {
        return record(name, folder.sector[tree], SECTOR * sectors(folder.length[tree]), true);
    }

    private static void append(ByteArrayOutputStream out, byte[] record) {
        int left = SECTOR - out.size() % SECTOR;
        if (record.length > left) {
            out.writeBytes(new byte[left]);
        }
        out.writeBytes(record);
    }

    private byte[] record(byte[] name, int sector, int length, boolean folder) {
        int size = 33 + name.length;
        ByteBuffer r = ByteBuffer.allocate(size + size % 2);
        r.put(0, (byte) r.capacity());
        both(r, 2, sector);
        both(r, 10, length);
        r.put(18, time);
        r.put(25, (byte) (folder ? 2 : 0));
        both16(r, 28, 1);
        r.put(32, (byte) name.length);
        r.put(33, name);
        return r.array();
    }

    private static byte[] name(String name, int tree) {
        return name.getBytes(charset(tree));
    }

    private static Charset charset(int tree) {
        return tree == PLAIN ? StandardCharsets.US_ASCII : StandardCharsets.UTF_16BE;
    }

    private static void text(ByteBuffer d, int at, int length, String text, int tree) {
        // filled with spaces; an odd byte at the end of a field of 16 bit characters stays zero
        int characters = tree == PLAIN ? length : length / 2;
        d.put(at, String.format("%-" + characters + "s", text).getBytes(charset(tree)));
    }

    private static void both(ByteBuffer d, int at, int value) {
        d.order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
        d.order(ByteOrder.BIG_ENDIAN).putInt(at + 4, value);
    }

    private static void both16(ByteBuffer d, int at, int value) {
        d.order(ByteOrder.LITTLE_ENDIAN).putShort(at, (short) value);
        d.order(ByteOrder.BIG_ENDIAN).putShort(at + 2, (short) value);
    }

    private static int sectors(int bytes) {
        return (bytes + SECTOR - 1) / SECTOR;
    }
}
