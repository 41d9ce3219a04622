package io.nacre.glance.web;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Fetches data from the web. The name is resolved once and the connection goes to that very address, so that no
 * second answer of the name service leads elsewhere; every redirect is judged like the first URL. It speaks HTTP/1.0,
 * whose bodies need no decoding.
 */
public final class WebDownload implements AutoCloseable {
    private static final int MOST_REDIRECTS = 5;
    private static final int LONGEST_HEAD = 64 << 10;
    private static final int CONNECT_MILLIS = 10_000;
    private static final int SILENCE_MILLIS = 60_000;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final Socket socket;
    private final InputStream in;
    private final int status;
    private final Map<String, String> headers;

    private WebDownload(Socket socket, InputStream in, int status, Map<String, String> headers) {
        this.socket = socket;
        this.in = in;
        this.status = status;
        this.headers = headers;
    }

    /** Faults with INVALID when the URL is not allowed or does not lead to data, UNAVAILABLE when nobody answers. */
    public static WebDownload open(String url, WebAddresses addresses, Duration remaining) {
        WebDownload answer = ask(new Question("GET", 0, defaultTls(), remaining), url, addresses);
        if (answer.status != 200) {
            answer.close();
            throw Fault.invalid("The web-download was answered with status " + answer.status + ".");
        }
        return answer;
    }

    /** The JDK's, which trusts the certificates that come with it. */
    public static SSLSocketFactory defaultTls() {
        return (SSLSocketFactory) SSLSocketFactory.getDefault();
    }

    /**
     * What is asked for.
     *
     * @param method GET or HEAD
     * @param offset of the first byte wanted; the server may not care
     * @param patience for how long it may be silent, at most a minute
     * @param headers for the first host only, and not for those that it redirects to
     */
    public record Question(
            String method, long offset, SSLSocketFactory tls, Duration patience, Map<String, String> headers) {
        public Question(String method, long offset, SSLSocketFactory tls, Duration patience) {
            this(method, offset, tls, patience, Map.of());
        }

        private Question forAnybody() {
            return new Question(method, offset, tls, patience);
        }

        /** Names no secret. */
        @Override
        public String toString() {
            return "Question[" + method + "]";
        }
    }

    /**
     * The answer at the end of all redirects, whatever its status is. Faults with INVALID when the URL is not allowed,
     * UNAVAILABLE when nobody answers.
     */
    public static WebDownload ask(Question question, String url, WebAddresses addresses) {
        URI uri = addresses.check(url);
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            WebDownload answer = ask(hop == 0 ? question : question.forAnybody(), uri, addresses.resolve(uri));
            String location = answer.headers.get("location");
            if (!REDIRECTS.contains(answer.status) || location == null) {
                return answer;
            }
            answer.close();
            URI next = addresses.check(uri.resolve(location).toString());
            if ("https".equalsIgnoreCase(uri.getScheme()) && !"https".equalsIgnoreCase(next.getScheme())) {
                throw Fault.invalid("The web-download was redirected from https to http.");
            }
            uri = next;
        }
        throw Fault.invalid("The web-download was redirected too often.");
    }

    public int status() {
        return status;
    }

    public InputStream stream() {
        return in;
    }

    /** Bytes that were announced, -1 for none. */
    public long length() {
        String length = headers.get("content-length");
        try {
            return length == null ? -1 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            throw Fault.invalid("The web-download's length is no number.").because(e);
        }
    }

    private static WebDownload ask(Question question, URI uri, InetAddress address) {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(address, WebAddresses.port(uri)), CONNECT_MILLIS);
            socket.setSoTimeout(Math.clamp(question.patience().toMillis(), 1, SILENCE_MILLIS));
            if ("https".equalsIgnoreCase(uri.getScheme())) {
                socket = secure(socket, question.tls(), uri);
            }
            String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
            String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
            String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
            String range = question.offset() > 0 ? "\r\nRange: bytes=" + question.offset() + "-" : "";
            StringBuilder more = new StringBuilder();
            question.headers()
                    .forEach((name, value) ->
                            more.append("\r\n").append(name).append(": ").append(value));
            String head = question.method() + " " + path + query + " HTTP/1.0\r\nHost: " + uri.getHost() + port + range
                    + "\r\nUser-Agent: nacre-glance\r\nAccept-Encoding: identity\r\nConnection: close" + more
                    + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            return read(socket);
        } catch (IOException e) {
            close(socket);
            throw Fault.unavailable("The host " + uri.getHost() + " of the web-download does not answer.")
                    .because(e);
        } catch (FaultException e) {
            close(socket);
            throw e;
        }
    }

    private static Socket secure(Socket plain, SSLSocketFactory factory, URI uri) throws IOException {
        SSLSocket socket = (SSLSocket) factory.createSocket(plain, uri.getHost(), WebAddresses.port(uri), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static WebDownload read(Socket socket) throws IOException {
        InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        int[] budget = {LONGEST_HEAD};
        String[] words = line(in, budget).split(" ", 3);
        int status;
        try {
            status = Integer.parseInt(words.length > 1 ? words[1] : "");
        } catch (NumberFormatException e) {
            throw Fault.invalid("The web-download was not answered in HTTP.").because(e);
        }
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(in, budget); !line.isEmpty(); line = line(in, budget)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        if (headers.containsKey("transfer-encoding")) {
            throw Fault.invalid("The web-download came in a transfer encoding that was not asked for.");
        }
        return new WebDownload(socket, in, status, headers);
    }

    private static String line(InputStream in, int[] budget) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 || --budget[0] < 0) {
                throw new IOException("the head of the answer is cut off or too long");
            }
            line.append((char) next);
        }
        return line.toString().stripTrailing();
    }

    private static void close(@Nullable Socket socket) {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            // There is nothing left to save on a connection that is given up.
            assert socket.isClosed();
        }
    }

    @Override
    public void close() {
        close(socket);
    }
}
