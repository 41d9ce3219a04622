package io.nacre.http;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * A body that is read whole: refuses to read more than it was told (413) and for longer than it was told (408). A
 * client that says nothing at all meets the idle timeout, which is a 408 too; one that drips meets the deadline.
 */
final class BodyStream extends InputStream {
    private static final String CONTENT = BodyStream.class.getName();

    private final InputStream in;
    private final InstantSource clock;
    private final Instant deadline;
    private long left;

    BodyStream(InputStream in, long limit, InstantSource clock, Instant deadline) {
        this.in = in;
        this.left = limit;
        this.clock = clock;
        this.deadline = deadline;
    }

    /**
     * The content of a request, the same stream each time: what one reader has begun to take, the next goes on with.
     * Closing it leaves the rest unread; Jetty's own stream gives the connection up then, and the answer with it.
     */
    static InputStream of(Request wire) {
        if (wire.getAttribute(CONTENT) instanceof InputStream known) {
            return known;
        }
        InputStream content = new FilterInputStream(Content.Source.asInputStream(wire)) {
            @Override
            public void close() {
                // See above.
            }
        };
        wire.setAttribute(CONTENT, content);
        return content;
    }

    static FaultException tooLarge() {
        return Fault.of(Fault.Kind.TOO_LARGE, "RequestEntityTooLarge", "The request body is too large.");
    }

    /**
     * Reads on what the client still sends after it was answered, until the deadline: a connection that is closed with
     * data unread is reset, and the answer is lost with it (RFC 9112, section 9.6).
     */
    static void discard(Request wire, InstantSource clock, Instant deadline) {
        boolean awaitsLeave = wire.getHeaders().contains(HttpHeader.EXPECT);
        boolean present = wire.getLength() > 0 || wire.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
        if (!present || awaitsLeave) {
            return;
        }
        try (InputStream rest = new BodyStream(of(wire), Long.MAX_VALUE, clock, deadline)) {
            rest.transferTo(OutputStream.nullOutputStream());
        } catch (IOException | FaultException e) {
            // The client has left, or goes on sending for too long: its connection ends with the answer.
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read;
        try {
            read = in.read(buffer, offset, length);
        } catch (IOException e) {
            // Jetty tells of an idle connection by the cause.
            if (e.getCause() instanceof TimeoutException) {
                throw tooSlow();
            }
            throw e;
        }
        left -= Math.max(read, 0);
        if (left < 0) {
            throw tooLarge();
        }
        if (clock.instant().isAfter(deadline)) {
            throw tooSlow();
        }
        return read;
    }

    private static FaultException tooSlow() {
        return Fault.of(
                Fault.Kind.REQUEST_TIMEOUT, "RequestTimeout", "The request body did not arrive within the time limit.");
    }
}
