package io.nacre.glance.data;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Json;
import io.nacre.contracts.peer.Identity;
import io.nacre.glance.web.WebAddresses;
import io.nacre.glance.web.WebDownload;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Fetches an image, and what is said of it, from the glance of another region, with the token of whoever asked for it.
 *
 * <p>The token is kept in memory, and nowhere else. When the controller that was asked dies before the download, the
 * import fails and has to be asked for again.
 */
final class GlanceDownload {
    private static final int LARGEST_DESCRIPTION = 1 << 20;
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_VALUE = 65_535;

    private final Ground ground;
    private final Identity identity;
    private final WebAddresses addresses;
    private final Map<String, String> tokens = new ConcurrentHashMap<>();

    GlanceDownload(Ground ground, Identity identity, WebAddresses addresses) {
        this.ground = ground;
        this.identity = identity;
        this.addresses = addresses;
    }

    void remember(String task, String token) {
        tokens.put(task, token);
    }

    void forget(String task) {
        tokens.remove(task);
    }

    /**
     * What the other region says of the image.
     *
     * @param url where its data is
     */
    record Description(
            String url, long size, String diskFormat, String containerFormat, Map<String, String> properties) {}

    /** Faults with INVALID when there is no such region or image, or it is not active. */
    Description describe(Caller caller, ImportOrder order, ImportOrder.Remote remote, Duration remaining) {
        String endpoint = ground.transactions()
                .read(tx -> identity.endpoint(tx, caller, "image", remote.region(), remote.access()))
                .orElseThrow(() ->
                        Fault.invalid(remote.access() + " glance endpoint not found for region " + remote.region()));
        String url = endpoint.replaceFirst("/+(v2/*)?$", "") + "/v2/images/" + remote.imageId();
        JsonNode image;
        try (WebDownload answer = ask(url, order.task(), remaining);
                InputStream in = answer.stream()) {
            byte[] bytes = in.readNBytes(LARGEST_DESCRIPTION);
            image = Json.parse(new ByteArrayInputStream(bytes));
        } catch (IOException | JacksonException e) {
            throw Fault.invalid("The other region's description of the image cannot be read.")
                    .because(e);
        }
        String status = text(image, "status");
        if (!status.equals("active")) {
            throw Fault.invalid("Source image status should be active instead of " + status);
        }
        JsonNode size = image.get("size");
        if (size == null || !size.canConvertToLong()) {
            throw Fault.invalid("Size attribute of remote image " + remote.imageId() + " could not be determined.");
        }
        return new Description(
                url + "/file",
                size.longValue(),
                format(image, "disk_format"),
                format(image, "container_format"),
                properties(image));
    }

    /** The data itself; to be closed. */
    WebDownload open(Description description, String task, Duration remaining) {
        return ask(description.url(), task, remaining);
    }

    private WebDownload ask(String url, String task, Duration remaining) {
        String token = tokens.get(task);
        if (token == null) {
            throw Fault.invalid(
                    "The controller that had the token of the request is gone; the import has to be asked for"
                            + " again.");
        }
        WebDownload answer = WebDownload.ask(
                new WebDownload.Question("GET", 0, WebDownload.defaultTls(), remaining, Map.of("X-Auth-Token", token)),
                url,
                addresses);
        if (answer.status() != 200) {
            answer.close();
            throw Fault.invalid("The glance of the other region answered with status " + answer.status() + ".");
        }
        return answer;
    }

    /** Those that the site wants to be copied, as far as they can be. */
    private Map<String, String> properties(JsonNode image) {
        List<String> prefixes = ground.config().imports().copiedProperties();
        Map<String, String> properties = new TreeMap<>();
        for (Map.Entry<String, JsonNode> field : image.properties()) {
            String name = field.getKey();
            boolean wanted = prefixes.stream().anyMatch(name::startsWith)
                    && !name.startsWith("os_glance_")
                    && !List.of("os_hidden", "os_hash_algo", "os_hash_value").contains(name);
            if (wanted
                    && name.length() <= LONGEST_NAME
                    && field.getValue().isString()
                    && field.getValue().stringValue().length() <= LONGEST_VALUE) {
                properties.put(name, field.getValue().stringValue());
            }
        }
        return properties;
    }

    private static String format(JsonNode image, String name) {
        String format = text(image, name);
        if (!format.matches("[a-z0-9]{1,20}")) {
            throw Fault.invalid("The remote image has no " + name + ".");
        }
        return format;
    }

    private static String text(JsonNode image, String name) {
        @Nullable JsonNode value = image.get(name);
        return value == null || !value.isString() ? "" : value.stringValue();
    }
}
