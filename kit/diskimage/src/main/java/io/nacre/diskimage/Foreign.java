package io.nacre.diskimage;

/** Formats that a tool would open when it went by the bytes, and that no image may be declared to be. */
final class Foreign implements Format {
    private static final int TRAILER = 512;

    @Override
    public DiskFormat id() {
        return DiskFormat.FOREIGN;
    }

    @Override
    public boolean begins(Span head) {
        return head.is(0, "QED\0") || head.is(0, "Bochs Virtual HD Image") || head.is(0, "#!/bin/sh\n#V2.0 Format");
    }

    /** Apple's disk image. */
    @Override
    public boolean ends(Span tail) {
        return tail.is(tail.length() - TRAILER, "koly\0\0\0\4\0\0\2\0");
    }

    @Override
    public Long virtualSize(Sight image) throws UnsafeImage {
        throw new UnsafeImage("The image is of a format that is not supported");
    }
}
