package io.nacre.glance.store.s3;

import io.nacre.glance.store.StoreDriver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** Collects a part, sends it, and so on. What fits into one part is sent as an object at once. */
final class S3Sink implements StoreDriver.Sink {
    private static final int MOST_PARTS = 10_000;
    private static final int STRETCH = MOST_PARTS / 10;

    private final S3Driver store;
    private final String name;
    private final int least;
    private final List<CompletedPart> sent = new ArrayList<>();
    private @Nullable String uploadId;
    private byte[] part;
    private int filled;
    private boolean committed;

    /**
     * @param least bytes of a part; those of large data are larger, as there must not be too many
     * @param expected bytes that are to come, -1 when nobody knows
     */
    S3Sink(S3Driver store, String name, int least, long expected) {
        this.store = store;
        this.name = name;
        this.least = Math.clamp(Math.ceilDiv(expected, MOST_PARTS), least, Integer.MAX_VALUE - 8);
        this.part = new byte[this.least];
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int at = offset; at < offset + length; ) {
            if (filled == part.length) {
                send();
            }
            int some = Math.min(offset + length - at, part.length - filled);
            System.arraycopy(bytes, at, part, filled, some);
            filled += some;
            at += some;
        }
    }

    private void send() throws IOException {
        String upload = begun();
        int number = sent.size() + 1;
        String tag = store.call(
                name,
                s3 -> s3.uploadPart(
                                one -> one.bucket(store.bucket())
                                        .key(name)
                                        .uploadId(upload)
                                        .partNumber(number)
                                        .contentLength((long) filled),
                                body())
                        .eTag());
        sent.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
        filled = 0;
        if (sent.size() % STRETCH == 0) {
            // 1, 3, 5 ... 19 times the least: a hundred thousand parts' worth of the least fits into ten thousand.
            part = new byte[(int) Math.min((long) least * (2 * (sent.size() / STRETCH) + 1), Integer.MAX_VALUE - 8)];
        }
    }

    private String begun() throws IOException {
        if (uploadId == null) {
            uploadId = store.call(
                    name,
                    s3 -> s3.createMultipartUpload(
                                    one -> one.bucket(store.bucket()).key(name))
                            .uploadId());
        }
        return uploadId;
    }

    /** Can be read again when a request has to be repeated, without a copy. */
    private RequestBody body() {
        return RequestBody.fromRemainingByteBuffer(ByteBuffer.wrap(part, 0, filled));
    }

    @Override
    public void commit() throws IOException {
        if (uploadId == null) {
            store.call(
                    name, s3 -> s3.putObject(one -> one.bucket(store.bucket()).key(name), body()));
        } else {
            send();
            String upload = uploadId;
            store.call(
                    name,
                    s3 -> s3.completeMultipartUpload(one -> one.bucket(store.bucket())
                            .key(name)
                            .uploadId(upload)
                            .multipartUpload(parts -> parts.parts(sent))));
        }
        committed = true;
    }

    @Override
    public void close() throws IOException {
        part = new byte[0];
        if (!committed && uploadId != null) {
            store.abort(name, uploadId);
        }
    }
}
