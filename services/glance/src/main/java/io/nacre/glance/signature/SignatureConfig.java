package io.nacre.glance.signature;

import io.nacre.config.Doc;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Section {@code [glance.signatures]}. */
@Doc("Where the certificates are that signatures of images are verified with.")
public record SignatureConfig(
        @Doc("Folder of certificates, each in a file ID.pem; looked at first.") @Nullable
        Path certificateDirectory,

        @Doc("Base URL of a key manager, such as https://keys.example.org:9311, whose secrets are certificates.")
        @Nullable
        URI keyManager,

        @Doc("How long the key manager is waited for.") Duration keyManagerTimeout) {

    public static final SignatureConfig DEFAULTS = new SignatureConfig(null, null, Duration.ofSeconds(10));
}
