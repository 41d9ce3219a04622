package io.nacre.glance.store.rbd;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.HashMap;
import java.util.Map;

/**
 * The functions of librados and librbd that are used. Each answers a number: what it says when it is negative is an
 * error number of the system's with its sign turned.
 */
final class LibRbd {
    private static final AddressLayout P = ValueLayout.ADDRESS;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    private final Map<String, MethodHandle> functions = new HashMap<>();

    /** @throws IllegalArgumentException when the libraries are not installed */
    LibRbd() {
        SymbolLookup rados = SymbolLookup.libraryLookup("librados.so.2", Arena.global());
        SymbolLookup rbd = SymbolLookup.libraryLookup("librbd.so.1", Arena.global());
        bind(rados, "rados_create2", INT, P, P, P, LONG);
        bind(rados, "rados_conf_read_file", INT, P, P);
        bind(rados, "rados_conf_set", INT, P, P, P);
        bind(rados, "rados_conf_get", INT, P, P, P, LONG);
        bind(rados, "rados_connect", INT, P);
        bind(rados, "rados_cluster_fsid", INT, P, P, LONG);
        bind(rados, "rados_ioctx_create", INT, P, P, P);
        bindVoid(rados, "rados_ioctx_destroy");
        bindVoid(rados, "rados_set_pool_full_try");
        bindVoid(rados, "rados_shutdown");
        bind(rbd, "rbd_create2", INT, P, P, LONG, LONG, P);
        bind(rbd, "rbd_open", INT, P, P, P, P);
        bind(rbd, "rbd_open_read_only", INT, P, P, P, P);
        bind(rbd, "rbd_close", INT, P);
        bind(rbd, "rbd_resize", INT, P, LONG);
        bind(rbd, "rbd_get_size", INT, P, P);
        bind(rbd, "rbd_read", LONG, P, LONG, LONG, P);
        bind(rbd, "rbd_write", LONG, P, LONG, LONG, P);
        bind(rbd, "rbd_flush", INT, P);
        bind(rbd, "rbd_snap_create", INT, P, P);
        bind(rbd, "rbd_snap_protect", INT, P, P);
        bind(rbd, "rbd_snap_unprotect", INT, P, P);
        bind(rbd, "rbd_snap_remove", INT, P, P);
        bind(rbd, "rbd_remove", INT, P, P);
        bind(rbd, "rbd_trash_move", INT, P, P, LONG);
        bind(rbd, "rbd_list", INT, P, P, P);
    }

    private void bind(SymbolLookup symbols, String name, MemoryLayout result, MemoryLayout... arguments) {
        functions.put(
                name,
                Linker.nativeLinker()
                        .downcallHandle(symbols.findOrThrow(name), FunctionDescriptor.of(result, arguments)));
    }

    private void bindVoid(SymbolLookup symbols, String name) {
        functions.put(
                name, Linker.nativeLinker().downcallHandle(symbols.findOrThrow(name), FunctionDescriptor.ofVoid(P)));
    }

    /** Calls one of them; the arguments must be of its kinds. Zero when it answers nothing. */
    long call(String name, Object... arguments) {
        MethodHandle function = functions.get(name);
        if (function == null) {
            throw new IllegalArgumentException("not bound: " + name);
        }
        try {
            return function.invokeWithArguments(arguments) instanceof Number number ? number.longValue() : 0;
        } catch (Throwable e) {
            throw new IllegalStateException("a native call failed: " + name, e);
        }
    }

    /** Reads the pointer that a function has written. */
    static MemorySegment pointer(MemorySegment out) {
        return out.get(P, 0);
    }
}
