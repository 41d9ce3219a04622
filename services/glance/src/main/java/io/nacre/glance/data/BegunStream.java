package io.nacre.glance.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;

/** A stream that has given its first byte. */
final class BegunStream extends PushbackInputStream {
    BegunStream(InputStream in) throws IOException {
        super(in);
        int first = in.read();
        if (first < 0) {
            throw new EOFException("there is no data");
        }
        unread(first);
    }
}
