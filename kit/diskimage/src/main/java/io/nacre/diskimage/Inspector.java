package io.nacre.diskimage;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Watches an image go by and says what it is. Keeps less than half a MiB of it, whatever the size.
 *
 * <p>Feed it with {@link #feed}; a hostile head is refused as soon as it is complete, so that no more of the image need
 * be read. {@link #finish} gives the verdict on the whole.
 */
public final class Inspector {
    private static final List<Format> FORMATS = List.of(
            new Qcow2(),
            new Vmdk(),
            new Vdi(),
            new Vhd(),
            new Vhdx(),
            new Iso(),
            new Luks(),
            new Parallels(),
            new Foreign(),
            new Partitions());

    private final @Nullable String declared;
    private final boolean strict;
    private final long largest;
    private final Sight sight = new Sight();
    private boolean headChecked;

    /**
     * @param declared disk format that the image says it is; null when it is inside a container that we do not open
     * @param strict whether data of no known format is refused when another one than raw is declared; data of a known
     *     one that is not the declared one is refused in any case
     * @param largest most bytes that a guest may see
     */
    public Inspector(@Nullable String declared, boolean strict, long largest) {
        this.declared = declared;
        this.strict = strict;
        this.largest = largest;
    }

    /**
     * What an image turned out to be.
     *
     * @param virtualSize bytes that a guest sees; null when the format does not say
     * @param encrypted whether it takes a secret to read
     */
    public record Verdict(DiskFormat format, @Nullable Long virtualSize, boolean encrypted) {}

    /** Data of which any part can be read. */
    @FunctionalInterface
    public interface Parts {
        /** Fewer bytes only where the data ends. */
        byte[] read(long offset, int length) throws IOException;
    }

    /** The verdict on a file, of which only what matters is read. */
    public static Verdict inspect(FileChannel file, @Nullable String declared, boolean strict, long largest)
            throws IOException, UnsafeImage {
        return new Inspector(declared, strict, largest).inspect(file.size(), (offset, length) -> {
            ByteBuffer part = ByteBuffer.allocate(length);
            while (part.hasRemaining() && file.read(part, offset + part.position()) >= 0) {}
            return Arrays.copyOf(part.array(), part.position());
        });
    }

    /** The verdict on data of this size, of which only what matters is read. */
    public Verdict inspect(long size, Parts parts) throws IOException, UnsafeImage {
        if (declared != null) {
            feed(size, parts, 0, Sight.HEAD);
            Format.Window window = sight.asked();
            if (window != null) {
                feed(size, parts, window.offset(), window.length());
            }
            feed(size, parts, Math.max(size - Sight.TAIL, sight.total()), Sight.TAIL);
        }
        return finish();
    }

    private void feed(long size, Parts parts, long from, int length) throws IOException, UnsafeImage {
        int wanted = (int) Math.min(size - from, length);
        if (wanted > 0) {
            byte[] bytes = parts.read(from, wanted);
            if (bytes.length < wanted) {
                throw new EOFException("The data ends before its " + size + " bytes are over.");
            }
            sight.pass(from);
            feed(bytes, 0, wanted);
        }
    }

    /** Looks at the next bytes. After it has thrown once there is no verdict any more. */
    public void feed(byte[] bytes, int offset, int length) throws UnsafeImage {
        int first = Math.min(length, sight.headMissing());
        sight.take(bytes, offset, first);
        if (sight.headMissing() == 0 && !headChecked) {
            checkHead();
        }
        sight.take(bytes, offset + first, length - first);
    }

    public Verdict finish() throws UnsafeImage {
        if (declared == null) {
            return new Verdict(DiskFormat.RAW, null, false);
        }
        if (!headChecked) {
            checkHead();
        }
        Format format = only(formats(true));
        DiskFormat found = format == null ? DiskFormat.RAW : format.id();
        match(found);
        Long size = format == null || isRaw() ? Long.valueOf(sight.total()) : format.virtualSize(sight);
        if (size != null && (size < 0 || size > largest)) {
            throw new UnsafeImage("The image's virtual size is larger than the limit of " + largest + " bytes");
        }
        return new Verdict(found, size, format != null && format.isEncrypted(sight.head()));
    }

    private void checkHead() throws UnsafeImage {
        headChecked = true;
        if (declared == null) {
            return;
        }
        Format format = only(formats(false));
        // Without a mark at its beginning it can still have one at its end.
        if (format != null && format.id() != DiskFormat.PARTITIONED) {
            match(format.id());
        }
        Format.Window wanted = format == null ? null : format.check(sight.head());
        if (wanted != null) {
            sight.ask(wanted);
        }
    }

    private void match(DiskFormat found) throws UnsafeImage {
        boolean nothingKnown = found == DiskFormat.RAW || found == DiskFormat.PARTITIONED;
        // An encrypted volume that is made an image is called raw: its guest sees what is encrypted.
        boolean encryptedRaw = found == DiskFormat.LUKS && isRaw();
        String expected = isRaw() ? "raw" : String.valueOf(declared);
        if (!found.wire().equals(expected) && !encryptedRaw && (strict || !nothingKnown)) {
            throw new UnsafeImage(
                    "Image content does not match disk format: declared " + declared + ", found " + found.wire());
        }
    }

    /** The images of Amazon's kind are raw, and no partitioned disks. */
    private boolean isRaw() {
        return declared != null && List.of("raw", "ami", "ari", "aki").contains(declared);
    }

    private List<Format> formats(boolean whole) {
        List<Format> found = new ArrayList<>();
        for (Format format : FORMATS) {
            if (format.begins(sight.head()) || (whole && format.ends(sight.tail()))) {
                found.add(format);
            }
        }
        // A disk inside another format's first sector is that format's: an installer's ISO image, or a fixed VHD.
        if (found.size() > 1) {
            found.removeIf(format -> format.id() == DiskFormat.PARTITIONED);
        }
        return found;
    }

    private static @Nullable Format only(List<Format> found) throws UnsafeImage {
        if (found.size() > 1) {
            throw new UnsafeImage("Image matches several formats at once: "
                    + found.stream().map(Format::id).toList());
        }
        return found.isEmpty() ? null : found.getFirst();
    }
}
