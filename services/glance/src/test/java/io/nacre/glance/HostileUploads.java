package io.nacre.glance;

import io.nacre.testkit.image.HostileImages;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;

/** Brings every hostile image to a glance of its own, uploaded and imported; a program so that it can be traced. */
final class HostileUploads {
    private static final String ME = "member@mine";

    private HostileUploads() {}

    /** @param arguments a folder to work in, and the path of the file that the images reach for */
    public static void main(String[] arguments) throws Exception {
        try (GlanceServer glance = new GlanceServer(Path.of(arguments[0]), config -> config)) {
            int refused = 0;
            for (HostileImages.Hostile image : HostileImages.reachingFor(arguments[1])) {
                require(image, 415, glance.upload(ME, create(glance, image), image.bytes()));
                imported(glance, image);
                refused++;
            }
            if (!glance.files().isEmpty()) {
                throw new IllegalStateException("left behind: " + glance.files());
            }
            System.out.println("refused: " + refused);
        }
    }

    private static void imported(GlanceServer glance, HostileImages.Hostile image) throws Exception {
        String id = create(glance, image);
        require(
                image,
                204,
                glance.send(glance.request(ME, "/v2/images/" + id + "/stage")
                        .header("Content-Type", GlanceServer.OCTETS)
                        .PUT(BodyPublishers.ofByteArray(image.bytes()))));
        require(
                image,
                202,
                glance.post(ME, "/v2/images/" + id + "/import", "{\"method\": {\"name\": \"glance-direct\"}}"));
        glance.settle();
        if (!glance.status(id).equals("queued")) {
            throw new IllegalStateException(image + " is " + glance.status(id));
        }
        require(image, 204, glance.delete(ME, "/v2/images/" + id));
        glance.settle();
    }

    private static String create(GlanceServer glance, HostileImages.Hostile image) throws Exception {
        return glance.create(ME, "\"disk_format\": \"" + image.declared() + "\", \"container_format\": \"bare\"");
    }

    private static void require(HostileImages.Hostile image, int expected, HttpResponse<String> answer) {
        if (answer.statusCode() != expected) {
            throw new IllegalStateException(image + ": " + answer.statusCode() + " " + answer.body());
        }
    }
}
