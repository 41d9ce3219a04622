package io.nacre.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An answer: a status, headers, and at most one body. */
public final class Response {

    /** Writes a body of any length with constant memory. */
    @FunctionalInterface
    public interface Writer {
        void write(OutputStream out) throws IOException;
    }

    /** What the answer carries. */
    sealed interface Body {
        /** A value for the JSON mapper: a map, record, list or tree. */
        record Value(Object value) implements Body {}

        record Bytes(byte[] bytes) implements Body {}

        /** @param length -1 when it is not known beforehand */
        record Stream(long length, Writer writer) implements Body {}
    }

    private final int status;
    private final List<Map.Entry<String, String>> headers = new ArrayList<>(4);
    private final @Nullable Body body;
    private @Nullable String contentType;

    private Response(int status, @Nullable Body body, @Nullable String contentType) {
        this.status = status;
        this.body = body;
        this.contentType = contentType;
    }

    public static Response empty(int status) {
        return new Response(status, null, null);
    }

    /** @param value what the JSON mapper can write: a map, record, list or tree */
    public static Response json(int status, Object value) {
        return new Response(status, new Body.Value(value), "application/json");
    }

    /** A JSON object with one member, the envelope most answers come in. */
    public static Response json(int status, String envelope, Object value) {
        return json(status, Map.of(envelope, value));
    }

    public static Response bytes(int status, String contentType, byte[] bytes) {
        return new Response(status, new Body.Bytes(bytes), contentType);
    }

    public static Response stream(int status, String contentType, long length, Writer writer) {
        return new Response(status, new Body.Stream(length, writer), contentType);
    }

    public Response header(String name, String value) {
        headers.add(Map.entry(name, value));
        return this;
    }

    public Response contentType(String contentType) {
        this.contentType = contentType;
        return this;
    }

    public int status() {
        return status;
    }

    public List<Map.Entry<String, String>> headers() {
        return headers;
    }

    /** What was given for the JSON mapper to write; null for other bodies. */
    public @Nullable Object value() {
        return body instanceof Body.Value(Object value) ? value : null;
    }

    @Nullable
    Body body() {
        return body;
    }

    @Nullable
    String contentType() {
        return contentType;
    }
}
