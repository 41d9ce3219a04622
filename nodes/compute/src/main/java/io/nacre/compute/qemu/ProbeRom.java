package io.nacre.compute.qemu;

import java.util.HexFormat;

/**
 * A firmware of 64 KiB for {@link KvmProbe}: it switches the processor to 64 bit kernel mode with paging, counts down
 * from 20 million there, and leaves QEMU through the isa-debug-exit device with status 33.
 *
 * <p>Counting takes hardware some 10 ms and emulation some 100. A {@code /dev/kvm} that lets user mode run but
 * emulates kernel mode (as nested guests of some clouds have it) needs 20 s, and would need hours to boot a system;
 * nothing but speed in kernel mode tells it from a real one.
 */
final class ProbeRom {
    static final int SUCCESS = 33;

    private static final int SIZE = 64 * 1024;
    private static final int RESET_VECTOR = 0xfff0;

    /** Loaded at 0xf0000. The right side is the source, in Intel's syntax. */
    private static final String CODE = """
            fa                      ;    cli
            31 c0                   ;    xor   ax, ax
            8e d8                   ;    mov   ds, ax
            8e c0                   ;    mov   es, ax
            bf 00 10                ;    mov   di, 0x1000              page tables: three pages, cleared
            b9 00 18                ;    mov   cx, 0x1800
            f3 ab                   ;    rep   stosw
            66 c7 06 00 10 03 20 00 00 ; mov   dword ptr [0x1000], 0x2003
            66 c7 06 00 20 03 30 00 00 ; mov   dword ptr [0x2000], 0x3003
            66 c7 06 00 30 83 00 00 00 ; mov   dword ptr [0x3000], 0x83   the first 2 MiB, mapped to themselves
            2e 0f 01 16 88 00       ;    lgdt  cs:[0x88]
            66 b8 20 00 00 00       ;    mov   eax, 0x20
            0f 22 e0                ;    mov   cr4, eax                PAE
            66 b8 00 10 00 00       ;    mov   eax, 0x1000
            0f 22 d8                ;    mov   cr3, eax
            66 b9 80 00 00 c0       ;    mov   ecx, 0xc0000080
            0f 32                   ;    rdmsr
            80 cc 01                ;    or    ah, 1                   EFER.LME
            0f 30                   ;    wrmsr
            66 b8 01 00 00 80       ;    mov   eax, 0x80000001
            0f 22 c0                ;    mov   cr0, eax                paging, protected mode
            66 ea 60 00 0f 00 08 00 ;    jmp   8:0xf0060
            bb 00 2d 31 01          ; 60 mov   ebx, 20000000           64 bit from here
            ff cb                   ; 65 dec   ebx
            75 fc                   ;    jnz   65
            66 ba f4 00             ;    mov   dx, 0xf4
            b0 10                   ;    mov   al, 0x10
            ee                      ;    out   dx, al                  exit status 2 * 0x10 + 1
            f4                      ; 70 hlt
            eb fd                   ;    jmp   70
            00 00 00 00 00          ;    padding
            00 00 00 00 00 00 00 00 ; 78 null descriptor
            ff ff 00 00 00 9b af 00 ; 80 64 bit kernel code
            0f 00 78 00 0f 00       ; 88 limit and address of these descriptors
            """;

    private ProbeRom() {}

    static byte[] bytes() {
        byte[] rom = new byte[SIZE];
        byte[] code = HexFormat.of().parseHex(CODE.replaceAll(";.*", "").replaceAll("\\s", ""));
        System.arraycopy(code, 0, rom, 0, code.length);
        // where the processor starts: jmp f000:0000
        byte[] jump = HexFormat.of().parseHex("ea000000f0");
        System.arraycopy(jump, 0, rom, RESET_VECTOR, jump.length);
        return rom;
    }
}
