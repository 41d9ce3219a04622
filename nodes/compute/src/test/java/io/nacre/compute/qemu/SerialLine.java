package io.nacre.compute.qemu;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A client of a guest's console socket that types and reads. */
final class SerialLine implements AutoCloseable {
    private final SocketChannel channel;
    private final StringBuilder read = new StringBuilder();

    SerialLine(String socket) throws IOException {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        channel.configureBlocking(false);
    }

    void type(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Reads on until the text has come, and forgets everything up to it. */
    String until(String text) throws IOException, InterruptedException {
        long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        while (read.indexOf(text) < 0) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited for '" + text + "', read: " + read);
            }
            if (channel.read(buffer.clear()) > 0) {
                read.append(StandardCharsets.UTF_8.decode(buffer.flip()));
            } else {
                Thread.sleep(20);
            }
        }
        int after = read.indexOf(text) + text.length();
        String got = read.substring(0, after);
        read.delete(0, after);
        return got;
    }

    /** Logs in at a prompt that may be there already. */
    void logIn() throws IOException, InterruptedException {
        type("\n");
        until("login: ");
        type("cirros\n");
        until("Password: ");
        type("gocubsgo\n");
        until("$ ");
    }

    String run(String command) throws IOException, InterruptedException {
        // the mark is typed in two parts, so that its echo is not taken for it
        type(command + "; echo do''ne\n");
        return until("done");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
