package io.nacre.base;

import java.io.InputStream;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The one JSON mapper, strict where Jackson is lax: unknown fields, duplicate keys, trailing tokens, scalars of
 * another type, fractions for whole numbers and nulls for primitives are refused; depth and number length are bounded.
 */
public final class Json {
    private static final StreamReadConstraints LIMITS = StreamReadConstraints.builder()
            .maxNestingDepth(100)
            .maxNumberLength(100)
            .maxStringLength(20_000_000)
            .build();

    /** The detail of a fault that says what is wrong with a body before it is JSON, for services with words of their own. */
    public static final String BODY = "body";

    public static final String MISSING = "missing";
    public static final String MALFORMED = "malformed";

    public static final JsonMapper MAPPER = JsonMapper.builder(
                    JsonFactory.builder().streamReadConstraints(LIMITS).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .build();

    private Json() {}

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** Parses a document from outside; what is wrong with it is the caller's to mend. */
    public static JsonNode parse(InputStream in) {
        try {
            JsonNode node = MAPPER.readTree(in);
            if (node.isMissingNode()) {
                throw unread("The request body is empty, a JSON object is required.", MISSING);
            }
            return node;
        } catch (JacksonException e) {
            throw unread("Malformed JSON in request body: " + reason(e), MALFORMED)
                    .because(e);
        }
    }

    private static FaultException unread(String message, String why) {
        return new FaultException(new Fault(Fault.Kind.INVALID, "BadRequest", message, Map.of(BODY, why)));
    }

    /** What is said when there is no body where one is needed. */
    public static FaultException missing() {
        return unread("The request needs a JSON body.", MISSING);
    }

    /** Parses what Nacre itself wrote. */
    public static <T> T read(String text, Class<T> type) {
        return MAPPER.readValue(text, type);
    }

    public static <T> T read(String text, TypeReference<T> type) {
        return MAPPER.readValue(text, type);
    }

    /** A tree as a record; a field that does not fit is named in the fault. */
    public static <T> T convert(JsonNode node, Class<T> type) {
        try {
            return MAPPER.treeToValue(node, type);
        } catch (JacksonException e) {
            throw Fault.invalid("Invalid input: " + reason(e)).because(e);
        }
    }

    public static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    public static byte[] bytes(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    public static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    public static Map<String, Object> map(JsonNode node) {
        return MAPPER.convertValue(node, new TypeReference<Map<String, Object>>() {});
    }

    private static String reason(JacksonException e) {
        String message = e.getOriginalMessage();
        String path = e.getPathReference();
        return path.isEmpty() ? message : message + " (at " + path + ")";
    }
}
