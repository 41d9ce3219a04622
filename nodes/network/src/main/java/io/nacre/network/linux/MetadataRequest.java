package io.nacre.network.linux;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.contracts.node.MetadataSource;
import io.nacre.contracts.node.MetadataSource.Answer;
import io.nacre.contracts.node.MetadataSource.Query;
import io.nacre.network.NetworkConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request of a guest, HTTP/1.0 or 1.1, one for each connection. What a guest may cost is bounded: bytes and time
 * to read, time to write. Its headers are not looked at but for the length of a body.
 */
final class MetadataRequest {
    private static final Logger LOG = LoggerFactory.getLogger(MetadataRequest.class);
    private static final Pattern REQUEST_LINE = Pattern.compile("([A-Z]{1,10}) (\\S{1,2000}) HTTP/1\\.[01]");
    private static final Pattern LENGTH = Pattern.compile("(?im)^content-length:\\s*(\\d{1,9})\\s*$");
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST");
    private static final Map<Integer, String> REASONS = Map.ofEntries(
            Map.entry(200, "OK"),
            Map.entry(204, "No Content"),
            Map.entry(300, "Multiple Choices"),
            Map.entry(400, "Bad Request"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"),
            Map.entry(408, "Request Timeout"),
            Map.entry(409, "Conflict"),
            Map.entry(413, "Content Too Large"),
            Map.entry(431, "Request Header Fields Too Large"),
            Map.entry(500, "Internal Server Error"),
            Map.entry(503, "Service Unavailable"));

    private final Socket socket;
    private final String network;
    private final NetworkConfig.Metadata limits;
    private final MetadataSource source;
    private final long deadline;

    MetadataRequest(SocketChannel guest, String network, NetworkConfig.Metadata limits, MetadataSource source) {
        this.socket = guest.socket();
        this.network = network;
        this.limits = limits;
        this.source = source;
        this.deadline = System.nanoTime() + limits.requestTimeout().toNanos();
    }

    /** The request cannot be taken as it is. */
    private static final class Refused extends Exception {
        private final int status;

        Refused(int status) {
            super(null, null, false, false);
            this.status = status;
        }
    }

    /** @param headers with the request line; empty when the guest closed without a word */
    private record Message(String headers, String body) {}

    void answer() throws IOException {
        boolean head = false;
        Answer answer;
        try {
            Message message = read();
            if (message.headers().isEmpty()) {
                return;
            }
            Matcher line =
                    REQUEST_LINE.matcher(message.headers().lines().findFirst().orElse(""));
            if (!line.matches()) {
                throw new Refused(400);
            }
            head = "HEAD".equals(line.group(1));
            if (!METHODS.contains(line.group(1))) {
                throw new Refused(405);
            }
            answer = ask(line.group(1), path(line.group(2)), message.body());
        } catch (Refused e) {
            answer = plain(e.status);
        } catch (SocketTimeoutException e) {
            answer = plain(408);
        }
        write(answer, head);
    }

    /** Some clients send the whole address. */
    private static String path(String target) throws Refused {
        String path = target.replaceFirst("^(?i)http://[^/]*", "");
        if (path.isEmpty()) {
            return "/";
        }
        if (!path.startsWith("/")) {
            throw new Refused(400);
        }
        return path;
    }

    private Answer ask(String method, String path, String body) {
        String from = socket.getInetAddress().getHostAddress().toLowerCase(Locale.ROOT);
        int zone = from.indexOf('%');
        String address = zone < 0 ? from : from.substring(0, zone);
        try {
            return source.metadata(new Query(network, address, "HEAD".equals(method) ? "GET" : method, path, body));
        } catch (FaultException e) {
            boolean passing = e.is(Fault.Kind.UNAVAILABLE) || e.is(Fault.Kind.TIMEOUT);
            LOG.warn("no metadata for {} in network {}: {}", address, network, e.getMessage());
            return plain(passing ? 503 : 500);
        } catch (RuntimeException e) {
            // An edge: whatever fails behind it, the guest gets an answer and may ask again.
            LOG.error("metadata for {} in network {} failed", address, network, e);
            return plain(500);
        }
    }

    private static Answer plain(int status) {
        String text = status + " " + REASONS.getOrDefault(status, "Error") + "\n";
        return new Answer(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    private Message read() throws IOException, Refused {
        InputStream in = socket.getInputStream();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[2048];
        int end = -1;
        while (end < 0) {
            int count = read(in, buffer);
            if (count < 0) {
                if (bytes.size() == 0) {
                    return new Message("", "");
                }
                throw new Refused(400);
            }
            bytes.write(buffer, 0, count);
            end = endOfHeaders(bytes.toString(StandardCharsets.ISO_8859_1));
            if (bytes.size() > limits.maxRequest().count()) {
                throw new Refused(431);
            }
        }
        String headers = bytes.toString(StandardCharsets.ISO_8859_1).substring(0, end);
        byte[] already = bytes.toByteArray();
        return new Message(headers, body(in, buffer, headers, Arrays.copyOfRange(already, end, already.length)));
    }

    private static int endOfHeaders(String text) {
        int crlf = text.indexOf("\r\n\r\n");
        int lf = text.indexOf("\n\n");
        if (crlf >= 0 && (lf < 0 || crlf < lf)) {
            return crlf + 4;
        }
        return lf < 0 ? -1 : lf + 2;
    }

    /** Read whether it is wanted or not: a connection closed with unread bytes is reset, which may cost the answer. */
    private String body(InputStream in, byte[] buffer, String headers, byte[] already) throws IOException, Refused {
        Matcher length = LENGTH.matcher(headers);
        int whole = length.find() ? Integer.parseInt(length.group(1)) : 0;
        if (whole - already.length > limits.maxRequest().count()) {
            throw new Refused(413);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(already, 0, Math.min(already.length, whole));
        while (body.size() < whole) {
            int count = read(in, buffer);
            if (count < 0) {
                throw new Refused(400);
            }
            body.write(buffer, 0, Math.min(count, whole - body.size()));
        }
        return body.toString(StandardCharsets.UTF_8);
    }

    private int read(InputStream in, byte[] buffer) throws IOException {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw new SocketTimeoutException("the request took too long");
        }
        socket.setSoTimeout(Math.toIntExact(Math.min(left, Integer.MAX_VALUE)));
        return in.read(buffer);
    }

    private void write(Answer answer, boolean head) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append("HTTP/1.1 ").append(answer.status()).append(' ');
        text.append(REASONS.getOrDefault(answer.status(), "Status")).append("\r\n");
        @Nullable String type = answer.contentType();
        if (type != null) {
            text.append("Content-Type: ").append(type.replaceAll("[\r\n]", "")).append("\r\n");
        }
        if (answer.status() != 204) {
            text.append("Content-Length: ").append(answer.body().length).append("\r\n");
        }
        text.append("Connection: close\r\n\r\n");
        // A write cannot be given a time limit; closing the socket ends it.
        Thread guard = Thread.ofVirtual().start(this::closeWhenSlow);
        try {
            OutputStream out = socket.getOutputStream();
            out.write(text.toString().getBytes(StandardCharsets.ISO_8859_1));
            if (!head && answer.status() != 204) {
                out.write(answer.body());
            }
            out.flush();
            socket.shutdownOutput();
        } finally {
            guard.interrupt();
        }
    }

    private void closeWhenSlow() {
        try {
            Thread.sleep(limits.requestTimeout());
            socket.close();
        } catch (InterruptedException e) {
            // The answer is out.
        } catch (IOException e) {
            LOG.debug("a slow metadata connection could not be closed", e);
        }
    }
}
