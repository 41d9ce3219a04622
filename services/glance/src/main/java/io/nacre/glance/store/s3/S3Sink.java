package io.nacre.glance.store.s3;

import io.nacre.glance.store.StoreDriver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * Collects a part while those before it are sent, as many as there may be at a time. What fits into one part is sent as
 * an object at once.
 */
final class S3Sink implements StoreDriver.Sink {
    private static final int MOST_PARTS = 10_000;
    private static final int STRETCH = MOST_PARTS / 10;

    private final S3Driver store;
    private final String name;
    private final int least;
    private final int most;
    private final ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<CompletedPart>> parts = new ArrayList<>();
    private @Nullable String uploadId;
    private byte[] part;
    private int filled;
    private boolean committed;

    /**
     * @param least bytes of a part; those of large data are larger, as there must not be too many
     * @param most parts in memory, the one that is collected among them
     * @param expected bytes that are to come, -1 when nobody knows
     */
    S3Sink(S3Driver store, String name, int least, int most, long expected) {
        this.store = store;
        this.name = name;
        this.least = Math.clamp(Math.ceilDiv(expected, MOST_PARTS), least, Integer.MAX_VALUE - 8);
        this.most = most;
        this.part = new byte[this.least];
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int at = offset; at < offset + length; ) {
            if (filled == part.length) {
                send();
                part = new byte[size()];
                filled = 0;
            }
            int some = Math.min(offset + length - at, part.length - filled);
            System.arraycopy(bytes, at, part, filled, some);
            filled += some;
            at += some;
        }
    }

    /** 1, 3, 5 ... 19 times the least: a hundred thousand parts' worth of the least fits into ten thousand. */
    private int size() {
        return (int) Math.min((long) least * (2 * (parts.size() / STRETCH) + 1), Integer.MAX_VALUE - 8);
    }

    private void send() throws IOException {
        String upload = begun();
        int number = parts.size() + 1;
        int length = filled;
        RequestBody body = body();
        parts.add(senders.submit(() -> {
            String tag = store.call(
                    name,
                    s3 -> s3.uploadPart(
                                    one -> one.bucket(store.bucket())
                                            .key(name)
                                            .uploadId(upload)
                                            .partNumber(number)
                                            .contentLength((long) length),
                                    body)
                            .eTag());
            return CompletedPart.builder().partNumber(number).eTag(tag).build();
        }));
        if (number >= most) {
            sent(parts.get(number - most));
        }
    }

    private static CompletedPart sent(Future<CompletedPart> part) throws IOException {
        try {
            return part.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException why ? why : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
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
            complete(uploadId);
        }
        committed = true;
    }

    private void complete(String upload) throws IOException {
        List<CompletedPart> all = new ArrayList<>();
        for (Future<CompletedPart> one : parts) {
            all.add(sent(one));
        }
        store.call(
                name,
                s3 -> s3.completeMultipartUpload(one -> one.bucket(store.bucket())
                        .key(name)
                        .uploadId(upload)
                        .multipartUpload(some -> some.parts(all))));
    }

    /** Parts that are still on their way come to their end first: one that came later would stay. */
    @Override
    public void close() throws IOException {
        part = new byte[0];
        senders.close();
        if (!committed && uploadId != null) {
            store.abort(name, uploadId);
        }
    }
}
