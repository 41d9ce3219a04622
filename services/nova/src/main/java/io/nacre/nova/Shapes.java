package io.nacre.nova;

/** Pieces of JSON schema that many of nova's requests share (nova's parameter_types, 2024.1). */
public final class Shapes {
    /** Printable, neither blank at an end nor empty. */
    public static final String NAME = """
            {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[^\\\\p{C}\\\\p{Z}]([^\\\\p{C}]*[^\\\\p{C}\\\\p{Z}])?$"}""";

    public static final String DESCRIPTION = """
            {"type": ["string", "null"], "maxLength": 255, "pattern": "^[^\\\\p{C}]*$"}""";

    public static final String BOOLEAN = """
            {"enum": [true, "True", "TRUE", "true", "1", "ON", "On", "on", "YES", "Yes", "yes",
                      false, "False", "FALSE", "false", "0", "OFF", "Off", "off", "NO", "No", "no"]}""";

    public static final String POSITIVE = """
            {"type": ["integer", "string"], "pattern": "^0*[1-9][0-9]{0,8}$", "minimum": 1, "maximum": 2147483647}""";

    public static final String NOT_NEGATIVE = """
            {"type": ["integer", "string"], "pattern": "^[0-9]{1,9}$", "minimum": 0, "maximum": 2147483647}""";

    public static final String METADATA = """
            {"type": "object", "additionalProperties": false, "patternProperties":
              {"^[a-zA-Z0-9-_:. ]{1,255}$": {"type": "string", "maxLength": 255}}}""";

    public static final String UUID = """
            {"type": "string", "pattern": "^[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}$"}""";

    public static final String TAG = """
            {"type": "string", "minLength": 1, "maxLength": 60, "pattern": "^[^,/]*$"}""";

    public static final String IP_V4 = """
            {"type": "string", "pattern": "^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\\\.|$)){4})?$"}""";

    public static final String IP_V6 = """
            {"type": "string", "pattern": "^([0-9a-fA-F:]*:[0-9a-fA-F:.]*)?$", "maxLength": 45}""";

    public static final String IP = """
            {"type": "string", "pattern": "^((((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\\\.|$)){4})|([0-9a-fA-F:]*:[0-9a-fA-F:.]*))$", "maxLength": 45}""";

    public static final String FQDN = """
            {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[a-zA-Z0-9._-]*$"}""";

    private Shapes() {}

    /** An object under one envelope that allows exactly these members. */
    public static String envelope(String name, String required, String properties) {
        return """
                {"type": "object", "required": ["%s"], "additionalProperties": false, "properties": {"%s":
                  {"type": "object", "additionalProperties": false, "required": [%s], "properties": {%s}}}}""".formatted(name, name, required, properties);
    }

    /** {@code "name": shape}. */
    public static String member(String name, String shape) {
        return "\"" + name + "\": " + shape;
    }
}
