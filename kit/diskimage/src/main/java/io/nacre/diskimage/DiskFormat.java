package io.nacre.diskimage;

import java.util.Locale;

/** The formats that we know by their bytes. */
public enum DiskFormat {
    QCOW2,
    VMDK,
    VDI,
    VHD,
    VHDX,
    ISO,
    LUKS,
    PLOOP,
    /** A format that tools open but no image can be declared to be. */
    FOREIGN,
    /** A partitioned raw disk, with a master boot record or a GUID partition table. */
    PARTITIONED,
    RAW;

    public String wire() {
        return this == PARTITIONED ? "raw" : name().toLowerCase(Locale.ROOT);
    }
}
