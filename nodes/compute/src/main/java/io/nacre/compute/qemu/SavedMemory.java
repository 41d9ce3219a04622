package io.nacre.compute.qemu;

import io.nacre.base.Fault;
import io.nacre.compute.DiskFull;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Memory and device state of a guest, out of QEMU into a file and back, as a migration over a unix socket whose other
 * end is here. (QEMU could run a shell command instead, but its sandbox forbids that, and rightly.)
 */
final class SavedMemory {
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration LIMIT = Duration.ofMinutes(30);
    private static final long FULL_SPEED = 1L << 40;

    private SavedMemory() {}

    /** Saves a guest that is stopped. Afterwards the file is complete, or not there and the guest as it was. */
    static void save(Qmp qmp, GuestDirectory files) {
        Path part = files.path().resolve("memory.part");
        CompletableFuture<@Nullable Void> written = new CompletableFuture<>();
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            Files.deleteIfExists(files.transfer());
            server.bind(UnixDomainSocketAddress.of(files.transfer()));
            Thread.ofVirtual().name("save-memory").start(() -> receive(server, part, written));
            qmp.execute("migrate-set-parameters", Map.of("max-bandwidth", FULL_SPEED), ANSWER);
            qmp.execute("migrate", Map.of("uri", "unix:" + files.transfer()), ANSWER);
            String status = await(qmp, written);
            if (!status.equals("completed")) {
                throw new IOException("migration " + status);
            }
            written.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            Files.move(part, files.memory(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | QmpError | ExecutionException | TimeoutException e) {
            throw failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.unavailable("The agent is stopping.").because(e);
        } finally {
            files.transfer().toFile().delete();
            part.toFile().delete();
        }
    }

    private static RuntimeException failed(Exception e) {
        Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
        return cause instanceof IOException io && DiskFull.is(String.valueOf(io.getMessage()))
                ? DiskFull.fault("the guest's memory", io)
                : Fault.internal("The guest's memory could not be saved.").because(e);
    }

    private static void receive(ServerSocketChannel server, Path part, CompletableFuture<@Nullable Void> written) {
        try (SocketChannel in = server.accept();
                FileChannel out = FileChannel.open(
                        part,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            copy(in, out);
            out.force(true);
            written.complete(null);
        } catch (IOException e) {
            written.completeExceptionally(e);
        }
    }

    private static void copy(ReadableByteChannel in, WritableByteChannel out) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
        while (in.read(buffer) >= 0) {
            buffer.flip();
            while (buffer.hasRemaining()) {
                out.write(buffer);
            }
            buffer.clear();
        }
    }

    private static String await(Qmp qmp, CompletableFuture<@Nullable Void> written)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < end) {
            JsonNode answer = qmp.execute("query-migrate", Map.of(), ANSWER);
            String status = answer.path("status").asString("none");
            if (status.equals("completed") || status.equals("failed") || status.equals("cancelled")) {
                if (status.equals("failed") && written.isCompletedExceptionally()) {
                    written.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
                }
                return status;
            }
            Thread.sleep(20);
        }
        qmp.execute("migrate_cancel", Map.of(), ANSWER);
        return "timed out";
    }

    /** Fills a process that was started with {@code -incoming defer}; it stays stopped. */
    static void load(Qmp qmp, GuestDirectory files) {
        try {
            Files.deleteIfExists(files.transfer());
            qmp.execute("migrate-incoming", Map.of("uri", "unix:" + files.transfer()), ANSWER);
            try (SocketChannel out = SocketChannel.open(StandardProtocolFamily.UNIX);
                    FileChannel in = FileChannel.open(files.memory(), StandardOpenOption.READ)) {
                out.connect(UnixDomainSocketAddress.of(files.transfer()));
                copy(in, out);
            }
            long end = System.nanoTime() + LIMIT.toNanos();
            while (System.nanoTime() < end) {
                String status = qmp.execute("query-status", Map.of(), ANSWER)
                        .path("status")
                        .asString("");
                if (!status.equals("inmigrate")) {
                    return;
                }
                Thread.sleep(10);
            }
            throw Fault.internal("The guest's memory could not be loaded in time.");
        } catch (IOException | QmpError e) {
            throw Fault.internal("The guest's saved memory could not be loaded.")
                    .because(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.unavailable("The agent is stopping.").because(e);
        } finally {
            files.transfer().toFile().delete();
        }
    }
}
