package io.nacre.fuzz;

import io.nacre.diskimage.DiskFormat;
import io.nacre.diskimage.Inspector;
import io.nacre.diskimage.UnsafeImage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The look into disk images. Whatever comes: it is refused or taken, the same however it is cut into pieces; what is
 * taken shows a guest no more than it may, and names no other file.
 */
public final class ImageFuzz {
    private static final long LARGEST = 1L << 46;
    private static final List<String> DECLARED =
            List.of("raw", "qcow2", "vmdk", "vdi", "vhd", "vhdx", "iso", "ploop", "luks", "ami");

    private ImageFuzz() {}

    /** Called by Jazzer, again and again. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length < Recipe.LEAST) {
            return;
        }
        byte[] image = Recipe.image(input);
        String declared = DECLARED.get((input[0] & 0xff) % DECLARED.size());
        Inspector.Verdict verdict = inspect(declared, image, 1 << 18);
        Inspector.Verdict inPieces = inspect(declared, image, 511 + 512 * (input[0] >> 4 & 0xf));
        if (!Objects.equals(verdict, inPieces)) {
            throw new AssertionError(verdict + " at once, " + inPieces + " in pieces");
        }
        if (verdict != null) {
            check(verdict, image);
        }
    }

    static int number(String declared) {
        return DECLARED.indexOf(declared);
    }

    private static void check(Inspector.Verdict verdict, byte[] image) {
        Long size = verdict.virtualSize();
        if (size == null || size < 0 || size > LARGEST) {
            throw new AssertionError("a virtual size of " + size);
        }
        if (verdict.format() == DiskFormat.QCOW2) {
            boolean backed = false;
            for (int at = 8; at < 20; at++) {
                backed |= image[at] != 0;
            }
            if (backed || (image[7] == 3 && (image[79] & 4) != 0)) {
                throw new AssertionError("a qcow2 that names another file was taken");
            }
        }
        if (verdict.format() == DiskFormat.VMDK) {
            String start = new String(image, 0, Math.min(image.length, 1 << 16), StandardCharsets.ISO_8859_1);
            String text = start.substring(512, Math.max(512, start.indexOf('\0', 512)));
            if (text.toLowerCase(Locale.ROOT).contains("parentfilenamehint")) {
                throw new AssertionError("a vmdk that names another file was taken");
            }
        }
    }

    private static Inspector.@Nullable Verdict inspect(String declared, byte[] image, int step) {
        Inspector inspector = new Inspector(declared, true, LARGEST);
        try {
            for (int at = 0; at < image.length; at += step) {
                inspector.feed(image, at, Math.min(step, image.length - at));
            }
            return inspector.finish();
        } catch (UnsafeImage e) {
            return null;
        }
    }
}
