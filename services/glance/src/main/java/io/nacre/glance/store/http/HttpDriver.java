package io.nacre.glance.store.http;

import io.nacre.base.FaultException;
import io.nacre.glance.store.StoreDriver;
import io.nacre.glance.web.Trust;
import io.nacre.glance.web.WebAddresses;
import io.nacre.glance.web.WebDownload;
import io.nacre.glance.web.WebDownload.Question;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Data in the web. A key is the URL; whom it leads to is judged each time somebody goes there. */
final class HttpDriver implements StoreDriver {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long FARTHEST = 64 << 20;
    private static final Set<Integer> GONE = Set.of(404, 410);

    private final WebAddresses addresses;
    private final @Nullable Path cacert;

    HttpDriver(WebAddresses addresses, @Nullable Path cacert) {
        this.addresses = addresses;
        this.cacert = cacert;
    }

    @Override
    public String kind() {
        return "http";
    }

    @Override
    public Map<String, Object> properties() {
        return Map.of();
    }

    @Override
    public String url(String key) {
        return key;
    }

    @Override
    public boolean takes(String url) {
        String small = url.toLowerCase(Locale.ROOT);
        if (!small.startsWith("http://") && !small.startsWith("https://")) {
            return false;
        }
        try {
            addresses.check(url);
            return true;
        } catch (FaultException e) {
            return false;
        }
    }

    @Override
    public Sink create(String key, long expected) throws IOException {
        throw new IOException("Nothing can be put into a store of the kind http.");
    }

    @Override
    public long size(String key) throws IOException {
        try (WebDownload answer = ask("HEAD", key, 0)) {
            require(answer.status() == 200 && answer.length() >= 0, key, answer.status());
            return answer.length();
        }
    }

    @Override
    public InputStream open(String key, long offset) throws IOException {
        return open(key, offset, Long.MAX_VALUE);
    }

    @Override
    public byte[] read(String key, long offset, int length) throws IOException {
        try (InputStream in = open(key, offset, FARTHEST)) {
            return in.readNBytes(length);
        }
    }

    /** @param farthest offset that is worth reading what lies before it */
    private InputStream open(String key, long offset, long farthest) throws IOException {
        WebDownload answer = ask("GET", key, offset);
        boolean begun = false;
        try {
            if (answer.status() == 416 && offset > 0) {
                return InputStream.nullInputStream();
            }
            require(answer.status() == 200 || (answer.status() == 206 && offset > 0), key, answer.status());
            if (answer.status() == 200) {
                // It does not know of ranges.
                if (offset > farthest) {
                    throw new IOException("The server gives no parts of the data at " + key);
                }
                answer.stream().skipNBytes(offset);
            }
            begun = true;
            return new Body(answer);
        } finally {
            if (!begun) {
                answer.close();
            }
        }
    }

    @Override
    public void delete(String key) {
        // It is not ours.
    }

    @Override
    public List<String> keys() {
        return List.of();
    }

    private WebDownload ask(String method, String url, long offset) throws IOException {
        try {
            SSLSocketFactory tls = cacert == null ? WebDownload.defaultTls() : Trust.sockets(cacert);
            return WebDownload.ask(new Question(method, offset, tls, PATIENCE), url, addresses);
        } catch (FaultException e) {
            throw new IOException("The data at " + url + " cannot be had: " + e.getMessage(), e);
        }
    }

    private static void require(boolean good, String url, int status) throws IOException {
        if (GONE.contains(status)) {
            throw new NoSuchFileException(url);
        }
        if (!good) {
            throw new IOException("The data at " + url + " cannot be had: the answer was " + status);
        }
    }

    /** Ends with what was announced; hangs up when it is closed. */
    private static final class Body extends FilterInputStream {
        private final WebDownload answer;

        Body(WebDownload answer) {
            super(answer.stream());
            this.answer = answer;
        }

        @Override
        public void close() {
            answer.close();
        }
    }
}
