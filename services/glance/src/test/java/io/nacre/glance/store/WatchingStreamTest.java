package io.nacre.glance.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class WatchingStreamTest {

    @Test
    void bytesAreSeenHoweverTheyAreRead() throws IOException {
        int[] seen = {0};
        InputStream in = new WatchingStream(new ByteArrayInputStream(new byte[] {-1, 2, 3, 4})) {
            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int read = in.read(bytes, offset, length);
                seen[0] += Math.max(read, 0);
                return read;
            }
        };
        assertThat(in.read()).isEqualTo(255);
        assertThat(in.read(new byte[2])).isEqualTo(2);
        assertThat(seen[0]).isEqualTo(3);
        assertThat(in.read()).isEqualTo(4);
        assertThat(in.read()).isEqualTo(-1);
        assertThat(seen[0]).isEqualTo(4);
    }
}
