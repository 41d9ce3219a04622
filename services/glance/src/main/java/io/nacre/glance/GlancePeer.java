package io.nacre.glance;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.contracts.node.ComputeNode;
import io.nacre.contracts.peer.Images;
import io.nacre.glance.image.ImageAccess;
import io.nacre.glance.image.ImageState;
import io.nacre.glance.image.ImageStore;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/** What other services ask of glance, in their own transactions. */
final class GlancePeer implements Images {
    private final ImageStore images;
    private final Transactions transactions;
    private final ImageAccess access;
    private final URI endpoint;
    private final Supplier<String> serviceToken;

    GlancePeer(
            Transactions transactions,
            ImageStore images,
            ImageAccess access,
            URI endpoint,
            Supplier<String> serviceToken) {
        this.images = images;
        this.transactions = transactions;
        this.access = access;
        this.endpoint = endpoint;
        this.serviceToken = serviceToken;
    }

    @Override
    public Image find(Tx tx, Caller caller, String imageId) {
        io.nacre.glance.image.Image image = access.see(tx, caller, imageId);
        io.nacre.glance.image.Image.Attributes attributes = image.attributes();
        return new Image(
                image.id(),
                attributes.name(),
                image.state().wire(),
                Objects.requireNonNullElse(image.owner(), ""),
                attributes.diskFormat(),
                attributes.containerFormat(),
                attributes.minDisk(),
                attributes.minRam(),
                image.data().size(),
                image.data().virtualSize(),
                image.data().checksum(),
                image.createdAt(),
                image.updatedAt(),
                image.properties());
    }

    @Override
    public ComputeNode.ImageSource source(String imageId) {
        io.nacre.glance.image.Image image = transactions.read(tx -> images.require(tx, imageId));
        Long size = image.data().size();
        if (image.state() != ImageState.ACTIVE || size == null) {
            throw Fault.conflict("Image " + imageId + " is not active.");
        }
        return new ComputeNode.ImageSource(
                imageId,
                Objects.requireNonNullElse(image.attributes().diskFormat(), "raw"),
                size,
                Objects.requireNonNullElse(image.data().hashAlgo(), "sha512"),
                image.data().hash(),
                URI.create(endpoint + "/v2/images/" + imageId + "/file"),
                Map.of("X-Auth-Token", serviceToken.get()));
    }
}
