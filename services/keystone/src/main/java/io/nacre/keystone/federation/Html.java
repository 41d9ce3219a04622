package io.nacre.keystone.federation;

/** Pages, and texts of strangers in them. */
final class Html {
    private static final String PAGE = """
            <!DOCTYPE html>
            <html>
              <head>
                <meta charset="utf-8">
                <title>Logging in</title>
              </head>
              <body>
            BODY
              </body>
            </html>
            """;

    private Html() {}

    static String page(String body) {
        return PAGE.replace("BODY", body.stripTrailing().indent(4).stripTrailing());
    }

    /** So that it stays a text, or the value of an attribute in quotes. */
    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
