package io.nacre.glance.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nacre.base.Digests;
import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.glance.image.HashAlgorithm;
import io.nacre.glance.image.Image;
import io.nacre.glance.store.FaultyStore;
import io.nacre.glance.store.StoreDriver;
import io.nacre.glance.store.file.FileDriver;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IntakeTest {
    private static final String KEY = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";

    @TempDir
    Path folder;

    private static Intake intake(StoreDriver disk, long cap) {
        return new Intake(disk, KEY, new Examination(HashAlgorithm.SHA512, cap, null));
    }

    private FaultException refused(Intake intake, byte[] data, long expected) {
        FaultException fault =
                catchThrowableOfType(FaultException.class, () -> intake.take(new ByteArrayInputStream(data), expected));
        assertThat(fault).isNotNull();
        return fault;
    }

    @Test
    void aFullDiskIsToldAndNothingStays() throws Exception {
        FaultyStore disk = new FaultyStore(folder, null);
        disk.room(1_000_000);
        FaultException fault = refused(intake(disk, 1 << 30), new byte[3_000_000], -1);
        assertThat(fault.is(Fault.Kind.TOO_LARGE)).isTrue();
        assertThat(fault).hasMessageStartingWith("Image storage media is full");
        assertThat(disk.keys()).isEmpty();
    }

    @Test
    void dataOfAnotherLengthThanAnnouncedIsRefused() throws Exception {
        StoreDriver disk = new FileDriver(folder);
        assertThat(refused(intake(disk, 100), new byte[5], 6).is(Fault.Kind.INVALID))
                .isTrue();
        assertThat(disk.keys()).isEmpty();
        assertThat(intake(disk, 100)
                        .take(new ByteArrayInputStream(new byte[6]), 6)
                        .checksum())
                .isEqualTo("7319468847d7b1aee40dbf5dd963c999");
        assertThat(disk.keys()).containsExactly(KEY);
    }

    @Test
    void theSumsAreThoseOfAllChunks() throws Exception {
        byte[] data = new byte[(5 << 20) + 7];
        new Random(3).nextBytes(data);
        InputStream drips = new ByteArrayInputStream(data) {
            @Override
            public synchronized int read(byte[] bytes, int offset, int length) {
                return super.read(bytes, offset, Math.min(length, 100_003));
            }
        };
        StoreDriver disk = new FileDriver(folder);
        Image.Data taken = intake(disk, data.length).take(drips, data.length);
        assertThat(taken.checksum())
                .isEqualTo(HexFormat.of().formatHex(Digests.of("MD5").digest(data)));
        assertThat(taken.hash())
                .isEqualTo(HexFormat.of().formatHex(Digests.of("SHA-512").digest(data)));
        try (InputStream kept = disk.open(KEY, 0)) {
            assertThat(kept.readAllBytes()).isEqualTo(data);
        }
    }
}
