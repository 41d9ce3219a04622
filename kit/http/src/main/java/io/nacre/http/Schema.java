package io.nacre.http;

import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.JsonNodeException;

/**
 * The shape a request body must have, as a JSON schema (draft 2020-12). Stands beside the route it belongs to and is
 * compiled when it is first needed.
 */
public final class Schema {
    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private final String text;
    private volatile com.networknt.schema.@Nullable Schema compiled;

    private Schema(String text) {
        this.text = text;
    }

    public static Schema of(String text) {
        return new Schema(text);
    }

    /** As it was written. */
    public String text() {
        return text;
    }

    /** Faults with INVALID and the first {@link Violation}, for {@link ErrorFormat#words} to say. */
    public void check(JsonNode body) {
        List<Error> errors = errors(body);
        if (!errors.isEmpty()) {
            Violation violation =
                    Violation.of(compiled().getSchemaNode().path("title").asString(""), body, errors.getFirst());
            throw new FaultException(new Fault(
                    Fault.Kind.INVALID, "BadRequest", violation.message(), Map.of(Violation.DETAIL, violation)));
        }
    }

    private List<Error> errors(JsonNode body) {
        try {
            return compiled().validate(body);
        } catch (JsonNodeException e) {
            // The validator compares whole numbers as 64 bits, however they are written: 1e308 is whole, too.
            throw Fault.invalid("Invalid input for the request body: a number in it is too large.")
                    .because(e);
        }
    }

    private com.networknt.schema.Schema compiled() {
        com.networknt.schema.Schema schema = compiled;
        if (schema == null) {
            synchronized (this) {
                schema = compiled;
                if (schema == null) {
                    schema = REGISTRY.getSchema(text);
                    compiled = schema;
                }
            }
        }
        return schema;
    }
}
