package io.nacre.glance.data;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.diskimage.UnsafeImage;
import io.nacre.glance.image.Image;
import io.nacre.glance.store.StoreDriver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;

/**
 * Takes one image's data into a store: counts, hashes and inspects it on the way, with constant memory. Either all of
 * it is there afterwards, or nothing.
 */
final class Intake {
    private final StoreDriver store;
    private final String key;
    private final Examination examination;

    Intake(StoreDriver store, String key, Examination examination) {
        this.store = store;
        this.key = key;
        this.examination = examination;
    }

    /**
     * Faults with TOO_LARGE beyond the cap or when the store is full, UNSUPPORTED_MEDIA_TYPE when the data is not what
     * it should be, INVALID when it breaks off or is not what was signed.
     *
     * @param expected bytes that must come; -1 when nobody said
     */
    Image.Data take(InputStream in, long expected) {
        try (StoreDriver.Sink sink = store.create(key, expected)) {
            byte[] chunk = examination.room();
            for (int read = read(in, chunk); read > 0; read = read(in, chunk)) {
                examination.feed(chunk, read);
                sink.write(chunk, 0, read);
                chunk = examination.room();
            }
            Image.Data data = examination.finish(expected);
            sink.commit();
            return data;
        } catch (StoreDriver.StoreFull e) {
            throw Examination.tooLarge("Image storage media is full: " + e.getMessage())
                    .because(e);
        } catch (NoSuchFileException e) {
            // Whoever deleted the image has removed what was there of its data.
            throw Fault.of(Fault.Kind.GONE, "Gone", "The image may have been deleted during the upload.")
                    .because(e);
        } catch (UnsafeImage e) {
            throw unsafe(e);
        } catch (IOException e) {
            throw Fault.unavailable("The image data could not be stored.").because(e);
        }
    }

    /** As much as there is room for; the sender's trouble, as opposed to the store's. */
    private static int read(InputStream in, byte[] chunk) {
        try {
            return in.readNBytes(chunk, 0, chunk.length);
        } catch (IOException e) {
            throw Fault.invalid("The image data broke off").because(e);
        }
    }

    static FaultException unsafe(UnsafeImage why) {
        return Fault.of(Fault.Kind.UNSUPPORTED_MEDIA_TYPE, "InvalidImageData", String.valueOf(why.getMessage()));
    }
}
