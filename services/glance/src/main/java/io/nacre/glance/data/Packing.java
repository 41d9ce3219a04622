package io.nacre.glance.data;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.glance.store.WatchingStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.tukaani.xz.XZInputStream;

/** Ways in which images come compressed, known by their first bytes. */
enum Packing {
    GZIP("\u001f\u008b\b") {
        @Override
        InputStream plain(InputStream packed) throws IOException {
            return new GZIPInputStream(packed, BUFFER);
        }
    },
    ZIP("PK\u0003\u0004") {
        @Override
        InputStream plain(InputStream packed) throws IOException {
            return new OnlyMember(packed);
        }
    },
    XZ("\u00fd7zXZ\0") {
        @Override
        InputStream plain(InputStream packed) throws IOException {
            return new XZInputStream(packed, MOST_XZ_KIB);
        }
    };

    /** Bytes that tell. */
    static final int HEAD = 6;

    private static final int BUFFER = 1 << 16;
    /** A dictionary as large as xz -9 makes it, and what goes with it. */
    private static final int MOST_XZ_KIB = 80 << 10;
    /** What small data may become, whatever the ratio. */
    private static final long ALWAYS = 64L << 20;

    private final String magic;

    Packing(String magic) {
        this.magic = magic;
    }

    /** @param head the first bytes, at least {@link #HEAD} of them when there are so many */
    static Optional<Packing> of(byte[] head) {
        String text = new String(head, StandardCharsets.ISO_8859_1);
        return Arrays.stream(values()).filter(one -> text.startsWith(one.magic)).findFirst();
    }

    abstract InputStream plain(InputStream packed) throws IOException;

    /**
     * The data itself. Reading faults with INVALID when it is damaged, or grows beyond what is allowed.
     *
     * @param size of the packed data
     * @param ratio how many times as large it may become
     */
    InputStream unpack(InputStream packed, long size, int ratio) throws IOException {
        return new Bounded(
                plain(new BufferedInputStream(packed, BUFFER)),
                Math.max(ALWAYS, size > Long.MAX_VALUE / ratio ? Long.MAX_VALUE : size * ratio));
    }

    /** Refuses to go on beyond a limit. */
    private static final class Bounded extends WatchingStream {
        private long left;

        Bounded(InputStream in, long most) {
            super(in);
            this.left = most;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            int read;
            try {
                read = in.read(bytes, offset, length);
            } catch (IOException e) {
                throw refused(e);
            }
            left -= Math.max(read, 0);
            if (left < 0) {
                throw Fault.invalid("The image becomes too large when it is unpacked.");
            }
            return read;
        }
    }

    static FaultException refused(IOException why) {
        return Fault.invalid("The image cannot be unpacked: " + why.getMessage())
                .because(why);
    }

    /** The one file of an archive. */
    private static final class OnlyMember extends WatchingStream {
        private final ZipInputStream archive;

        OnlyMember(InputStream packed) throws IOException {
            this(new ZipInputStream(packed));
        }

        private OnlyMember(ZipInputStream archive) throws IOException {
            super(archive);
            this.archive = archive;
            ZipEntry entry = archive.getNextEntry();
            if (entry == null || entry.isDirectory()) {
                throw new IOException("the archive has no file");
            }
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = archive.read(bytes, offset, length);
            if (read < 0 && archive.getNextEntry() != null) {
                throw new IOException("the archive contains more than one file");
            }
            return read;
        }
    }
}
