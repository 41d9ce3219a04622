package io.nacre.fuzz;

import io.nacre.testkit.image.SampleImages;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * An image in few bytes, so that a fuzzer finds what matters of a large one: a declared format, a good image to begin
 * with, a length, and what is written into it where.
 *
 * <p>Bytes: declared (1), good image (1), length (3), and then any number of offset (3), count (1), that many bytes.
 */
final class Recipe {
    static final int LEAST = 5;
    private static final int STEP = 4;

    private static final List<byte[]> GOOD = List.of(
            new byte[4096],
            SampleImages.qcow2(SampleImages.UNSPOILT),
            SampleImages.vmdk(SampleImages.VMDK_DESCRIPTOR, SampleImages.UNSPOILT),
            SampleImages.vmdkStream(SampleImages.UNSPOILT),
            SampleImages.vdi(SampleImages.UNSPOILT),
            SampleImages.vhdFixed(SampleImages.UNSPOILT),
            SampleImages.vhdDynamic(SampleImages.UNSPOILT, SampleImages.UNSPOILT),
            SampleImages.vhdx(SampleImages.UNSPOILT),
            SampleImages.iso(SampleImages.UNSPOILT),
            SampleImages.luks(SampleImages.UNSPOILT),
            SampleImages.ploop(SampleImages.UNSPOILT),
            SampleImages.gpt(SampleImages.UNSPOILT));

    private static final int LONGEST =
            GOOD.stream().mapToInt(image -> image.length).max().orElseThrow() + (1 << 16);

    private Recipe() {}

    static byte[] image(byte[] recipe) {
        ByteBuffer in = ByteBuffer.wrap(recipe, 1, recipe.length - 1);
        byte[] good = GOOD.get((in.get() & 0xff) % GOOD.size());
        byte[] image = Arrays.copyOf(good, Math.min(u24(in), LONGEST));
        while (in.remaining() > STEP) {
            int offset = u24(in);
            int count = Math.min(in.get() & 0xff, in.remaining());
            int kept = Math.clamp((long) image.length - offset, 0, count);
            in.get(image, Math.min(offset, image.length), kept);
            in.position(in.position() + count - kept);
        }
        return image;
    }

    /** What makes this image from whichever good one is nearest. */
    static byte[] of(int declared, byte[] image) {
        byte[] best = {};
        for (int number = 0; number < GOOD.size(); number++) {
            byte[] recipe = from(declared, number, image);
            if (number == 0 || recipe.length < best.length) {
                best = recipe;
            }
        }
        return best;
    }

    private static byte[] from(int declared, int number, byte[] image) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] good = Arrays.copyOf(GOOD.get(number), image.length);
        out.write(declared);
        out.write(number);
        u24(out, image.length);
        for (int at = Arrays.mismatch(good, image); at >= 0; ) {
            int end = Math.min(at + 32, image.length);
            u24(out, at);
            out.write(end - at);
            out.write(image, at, end - at);
            int next = Arrays.mismatch(good, end, good.length, image, end, image.length);
            at = next < 0 ? -1 : end + next;
        }
        return out.toByteArray();
    }

    private static int u24(ByteBuffer in) {
        return (in.get() & 0xff) << 16 | (in.getShort() & 0xffff);
    }

    private static void u24(ByteArrayOutputStream out, int value) {
        out.write(value >> 16);
        out.write(value >> 8);
        out.write(value);
    }
}
