package io.nacre.glance.store.s3;

import io.nacre.glance.store.WatchingStream;
import java.io.IOException;
import software.amazon.awssdk.core.ResponseInputStream;

/** An object on its way in. Whoever leaves early hangs up; the library would read the rest first. */
final class S3Stream extends WatchingStream {
    private final ResponseInputStream<?> response;
    private boolean ended;

    S3Stream(ResponseInputStream<?> response) {
        super(response);
        this.response = response;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = in.read(bytes, offset, length);
        ended |= read < 0;
        return read;
    }

    @Override
    public void close() throws IOException {
        if (!ended) {
            response.abort();
        }
        super.close();
    }
}
