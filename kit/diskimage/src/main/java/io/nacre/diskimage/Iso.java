package io.nacre.diskimage;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An optical disc (ECMA-119), which may begin with a boot sector or a partition table for sticks. */
final class Iso implements Format {
    private static final int DESCRIPTOR = 0x8000;
    private static final int VERSION = DESCRIPTOR + 6;
    private static final List<Integer> TYPES = List.of(0, 1, 2, 3, 255);

    @Override
    public DiskFormat id() {
        return DiskFormat.ISO;
    }

    @Override
    public boolean begins(Span head) {
        return head.is(DESCRIPTOR + 1, "CD001");
    }

    @Override
    public @Nullable Window check(Span head) throws UnsafeImage {
        if (!TYPES.contains(head.u8(DESCRIPTOR)) || head.u8(VERSION) != 1) {
            throw new UnsafeImage("The iso image has a volume descriptor that is not known");
        }
        return null;
    }

    @Override
    public Long virtualSize(Sight image) {
        return image.total();
    }
}
