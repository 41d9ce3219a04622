package io.nacre.nova;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.contracts.node.ComputeNode;
import io.nacre.contracts.peer.Images;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Images that were put in by a test. */
final class FakeImages implements Images {
    static final String CIRROS = "70a599e0-31e7-49b7-b260-868f441e862b";
    final Map<String, Image> images = new ConcurrentHashMap<>();

    FakeImages() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        images.put(
                CIRROS,
                new Image(
                        CIRROS,
                        "cirros",
                        "active",
                        "p1",
                        "qcow2",
                        "bare",
                        0,
                        0,
                        12345678L,
                        117440512L,
                        "0",
                        now,
                        now,
                        Map.of()));
    }

    @Override
    public Image find(Tx tx, Caller caller, String imageId) {
        Image image = images.get(imageId);
        if (image == null) {
            throw Fault.notFound("No image found with ID " + imageId);
        }
        return image;
    }

    @Override
    public ComputeNode.ImageSource source(String imageId) {
        return new ComputeNode.ImageSource(
                imageId, "qcow2", 12345678L, "sha512", "00", URI.create("http://127.0.0.1:9292/" + imageId), Map.of());
    }
}
