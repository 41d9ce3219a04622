package io.nacre.glance.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.glance.store.FileDriver;
import io.nacre.glance.store.StoreDriver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IntakeTest {
    private static final String KEY = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";

    @TempDir
    Path folder;

    /** A store of files on a disk with room for so many bytes. */
    private record SmallDisk(StoreDriver files, long room) implements StoreDriver {
        @Override
        public String kind() {
            return files.kind();
        }

        @Override
        public Sink create(String key) throws IOException {
            Sink sink = files.create(key);
            return new Sink() {
                private long written;

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    written += length;
                    if (written > room) {
                        throw new StoreFull(new IOException("No space left on device"));
                    }
                    sink.write(bytes, offset, length);
                }

                @Override
                public void commit() throws IOException {
                    sink.commit();
                }

                @Override
                public void close() throws IOException {
                    sink.close();
                }
            };
        }

        @Override
        public long size(String key) throws IOException {
            return files.size(key);
        }

        @Override
        public InputStream open(String key, long offset) throws IOException {
            return files.open(key, offset);
        }

        @Override
        public void delete(String key) throws IOException {
            files.delete(key);
        }

        @Override
        public List<String> keys() throws IOException {
            return files.keys();
        }
    }

    private FaultException refused(Intake intake, byte[] data, long expected) {
        FaultException fault =
                catchThrowableOfType(FaultException.class, () -> intake.take(new ByteArrayInputStream(data), expected));
        assertThat(fault).isNotNull();
        return fault;
    }

    @Test
    void aFullDiskIsToldAndNothingStays() throws Exception {
        StoreDriver disk = new SmallDisk(new FileDriver(folder), 1_000_000);
        FaultException fault = refused(new Intake(disk, KEY, 1 << 30, null), new byte[3_000_000], -1);
        assertThat(fault.is(Fault.Kind.TOO_LARGE)).isTrue();
        assertThat(fault).hasMessageStartingWith("Image storage media is full");
        assertThat(disk.keys()).isEmpty();
    }

    @Test
    void dataOfAnotherLengthThanAnnouncedIsRefused() throws Exception {
        StoreDriver disk = new FileDriver(folder);
        assertThat(refused(new Intake(disk, KEY, 100, null), new byte[5], 6).is(Fault.Kind.INVALID))
                .isTrue();
        assertThat(disk.keys()).isEmpty();
        assertThat(new Intake(disk, KEY, 100, null)
                        .take(new ByteArrayInputStream(new byte[6]), 6)
                        .checksum())
                .isEqualTo("7319468847d7b1aee40dbf5dd963c999");
        assertThat(disk.keys()).containsExactly(KEY);
    }
}
