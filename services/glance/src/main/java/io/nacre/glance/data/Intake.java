package io.nacre.glance.data;

import io.nacre.base.Digests;
import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.diskimage.UnsafeImage;
import io.nacre.glance.image.Image;
import io.nacre.glance.store.StoreDriver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Takes one image's data into a store: counts, hashes and inspects it on the way, with constant memory. Either all of
 * it is there afterwards, or nothing.
 */
final class Intake {
    static final String HASH = "sha512";
    private static final int CHUNK = 1 << 18;

    private final StoreDriver store;
    private final String key;
    private final long cap;
    private final @Nullable Scrutiny scrutiny;

    /**
     * @param cap most bytes that are taken
     * @param scrutiny null for data that will be looked at later
     */
    Intake(StoreDriver store, String key, long cap, @Nullable Scrutiny scrutiny) {
        this.store = store;
        this.key = key;
        this.cap = cap;
        this.scrutiny = scrutiny;
    }

    /**
     * Faults with TOO_LARGE beyond the cap or when the store is full, UNSUPPORTED_MEDIA_TYPE when the data is not what
     * it should be, INVALID when it breaks off or is not what was signed.
     *
     * @param expected bytes that must come; -1 when nobody said
     */
    Image.Data take(InputStream in, long expected) {
        MessageDigest md5 = Digests.of("MD5");
        MessageDigest sha512 = Digests.of("SHA-512");
        long size = 0;
        Long virtualSize = null;
        try (StoreDriver.Sink sink = store.create(key, expected)) {
            byte[] chunk = new byte[CHUNK];
            for (int read = read(in, chunk); read >= 0; read = read(in, chunk)) {
                size += read;
                if (size > cap) {
                    throw tooLarge("The incoming image is too large: Limit is " + cap + " bytes");
                }
                if (scrutiny != null) {
                    scrutiny.feed(chunk, 0, read);
                }
                md5.update(chunk, 0, read);
                sha512.update(chunk, 0, read);
                sink.write(chunk, 0, read);
            }
            if (expected >= 0 && size != expected) {
                throw brokenOff("The image data has " + size + " bytes, expected were " + expected, null);
            }
            if (scrutiny != null) {
                virtualSize = scrutiny.finish();
            }
            sink.commit();
        } catch (StoreDriver.StoreFull e) {
            throw tooLarge("Image storage media is full: " + e.getMessage()).because(e);
        } catch (NoSuchFileException e) {
            // Whoever deleted the image has removed what was there of its data.
            throw Fault.of(Fault.Kind.GONE, "Gone", "The image may have been deleted during the upload.")
                    .because(e);
        } catch (UnsafeImage e) {
            throw unsafe(e);
        } catch (IOException e) {
            throw Fault.unavailable("The image data could not be stored.").because(e);
        }
        HexFormat hex = HexFormat.of();
        return new Image.Data(size, virtualSize, hex.formatHex(md5.digest()), HASH, hex.formatHex(sha512.digest()));
    }

    /** The sender's trouble, as opposed to the store's. */
    private static int read(InputStream in, byte[] chunk) {
        try {
            return in.read(chunk);
        } catch (IOException e) {
            throw brokenOff("The image data broke off", e);
        }
    }

    static FaultException unsafe(UnsafeImage why) {
        return Fault.of(Fault.Kind.UNSUPPORTED_MEDIA_TYPE, "InvalidImageData", String.valueOf(why.getMessage()));
    }

    private static FaultException brokenOff(String message, @Nullable IOException cause) {
        FaultException fault = Fault.invalid(message);
        return cause == null ? fault : fault.because(cause);
    }

    private static FaultException tooLarge(String message) {
        return Fault.of(Fault.Kind.TOO_LARGE, "RequestEntityTooLarge", message);
    }
}
