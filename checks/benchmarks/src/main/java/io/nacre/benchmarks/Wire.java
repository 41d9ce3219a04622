package io.nacre.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a service on the loopback that stays open. It does as little as a client can, for what it burns is
 * taken from the server it measures.
 */
final class Wire implements AutoCloseable {
    private static final int LONGEST_WAIT_MILLIS = 60_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private byte[] buffer = new byte[1 << 16];
    private int headBytes;
    private int bodyBytes;

    Wire(int port) {
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(LONGEST_WAIT_MILLIS);
            in = socket.getInputStream();
            out = socket.getOutputStream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A whole request as bytes, to be sent as often as one likes. */
    static byte[] request(String method, String path, Map<String, String> headers, byte @Nullable [] body) {
        StringBuilder head =
                new StringBuilder().append(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: 127.0.0.1\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        if (body != null) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        byte[] bytes = head.append("\r\n").toString().getBytes(ISO_8859_1);
        if (body == null) {
            return bytes;
        }
        byte[] whole = Arrays.copyOf(bytes, bytes.length + body.length);
        System.arraycopy(body, 0, whole, bytes.length, body.length);
        return whole;
    }

    /** Sends a request and reads the whole answer, whose status it tells. */
    int exchange(byte[] request) {
        try {
            out.write(request);
            int filled = 0;
            headBytes = -1;
            while (headBytes < 0) {
                int from = Math.max(0, filled - 3);
                filled += fill(filled);
                headBytes = headEnd(from, filled);
            }
            bodyBytes = contentLength();
            if (headBytes + bodyBytes > buffer.length) {
                buffer = Arrays.copyOf(buffer, headBytes + bodyBytes);
            }
            while (filled < headBytes + bodyBytes) {
                filled += fill(filled);
            }
            return (buffer[9] - '0') * 100 + (buffer[10] - '0') * 10 + buffer[11] - '0';
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int fill(int at) throws IOException {
        int count = in.read(buffer, at, buffer.length - at);
        if (count <= 0) {
            throw new EOFException("the server closed the connection within an answer");
        }
        return count;
    }

    /** Where the body begins; -1 while the head is not complete. */
    private int headEnd(int from, int filled) {
        for (int i = from; i + 3 < filled; i++) {
            if (buffer[i] == '\r' && buffer[i + 1] == '\n' && buffer[i + 2] == '\r' && buffer[i + 3] == '\n') {
                return i + 4;
            }
        }
        return -1;
    }

    private int contentLength() {
        for (int line = 0; line < headBytes; line = next(line)) {
            if ((buffer[line] | 0x20) == 'c' && buffer[line + 7] == '-' && (buffer[line + 8] | 0x20) == 'l') {
                return Integer.parseInt(new String(buffer, line + 15, next(line) - line - 15, ISO_8859_1).strip());
            }
        }
        if (buffer[9] == '2' && buffer[10] == '0' && buffer[11] == '4') {
            return 0;
        }
        throw new IllegalStateException("an answer without a length: " + head());
    }

    private int next(int line) {
        int i = line;
        while (buffer[i] != '\n') {
            i++;
        }
        return i + 1;
    }

    /** The status line and the headers of the last answer. */
    String head() {
        return new String(buffer, 0, headBytes, ISO_8859_1);
    }

    byte[] body() {
        return Arrays.copyOfRange(buffer, headBytes, headBytes + bodyBytes);
    }

    String text() {
        return new String(buffer, headBytes, bodyBytes, UTF_8);
    }

    /** How long the last answer's body was. */
    int length() {
        return bodyBytes;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
