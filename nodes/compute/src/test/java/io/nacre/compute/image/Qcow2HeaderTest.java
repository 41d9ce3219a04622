package io.nacre.compute.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.compute.Qcow2Files;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Qcow2HeaderTest {

    @Test
    void tellsTheSizeOfAPlainImage() {
        Qcow2Header header = Qcow2Header.parse(Qcow2Files.build(5L << 30));
        assertThat(header.refusal()).isNull();
        assertThat(header.virtualBytes()).isEqualTo(5L << 30);
    }

    @Test
    void refusesWhatLeadsElsewhere() {
        assertThat(refusal(Qcow2Files.withBackingFile("x"))).isEqualTo("it has a backing file");
        assertThat(refusal(Qcow2Files.withDataFile("x"))).isEqualTo("it has an external data file");
        // the name of a data file without the feature bit is no better
        ByteBuffer named = ByteBuffer.wrap(Qcow2Files.withDataFile("x")).putLong(72, 0);
        assertThat(refusal(named.array())).isEqualTo("it has an external data file");
        // a length without an offset is a backing file that somebody wants hidden
        assertThat(refusal(Qcow2Files.build(1 << 20).putInt(16, 5).array())).isEqualTo("it has a backing file");
    }

    @Test
    void refusesEncryptionAndUnknownFeatures() {
        assertThat(refusal(Qcow2Files.build(1 << 20).putInt(32, 2).array())).isEqualTo("it is encrypted");
        assertThat(refusal(Qcow2Files.build(1 << 20).putLong(72, 1L << 40).array()))
                .contains("not supported");
    }

    @Test
    void refusesWhatIsNotAQcow2() {
        assertThat(refusal(new byte[4096])).isEqualTo("it is not a qcow2 file");
        assertThat(refusal(new byte[0])).isEqualTo("it is not a qcow2 file");
        assertThat(refusal(Qcow2Files.build(1 << 20).putInt(4, 9).array())).contains("damaged");
        assertThat(refusal(Qcow2Files.build(-1).array())).contains("damaged");
        assertThat(refusal(Qcow2Files.build(1 << 20).putInt(100, -8).array())).contains("damaged");
        assertThat(refusal(
                        Qcow2Files.build(1 << 20).putInt(104, 1).putInt(108, -1).array()))
                .contains("damaged");
    }

    @Test
    void neverFailsOnNoise() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            ByteBuffer file = Qcow2Files.build(1 << 20);
            for (int n = 0; n < 4; n++) {
                file.put(4 + random.nextInt(120), (byte) random.nextInt());
            }
            file.limit(4 + random.nextInt(4092));
            Qcow2Header header = Qcow2Header.parse(file);
            assertThat(header.refusal() == null).isEqualTo(header.virtualBytes() > 0);
        }
    }

    private static String refusal(byte[] file) {
        return Qcow2Header.parse(ByteBuffer.wrap(file)).refusal();
    }
}
