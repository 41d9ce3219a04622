package io.nacre.network.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** The system calls that Java has no name for. Each throws with the error's number when the kernel refuses. */
final class Libc {
    static final int CLONE_NEWNET = 0x40000000;
    static final int SIGHUP = 1;
    static final int SIGKILL = 9;

    private static final int O_CLOEXEC = 0x80000;
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle OPEN = function("open", ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    private static final MethodHandle CLOSE = function("close", ValueLayout.JAVA_INT);
    private static final MethodHandle SETNS = function("setns", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    private static final MethodHandle SOCKET =
            function("socket", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    private static final MethodHandle KILL = function("kill", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    private static final MethodHandle IF_INDEX = function("if_nametoindex", ValueLayout.ADDRESS);
    private static final MethodHandle SENDTO = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("sendto"),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_INT,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_INT,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_INT),
                    Linker.Option.captureCallState("errno"));

    private Libc() {}

    private static MethodHandle function(String name, MemoryLayout... arguments) {
        return Linker.nativeLinker()
                .downcallHandle(
                        Linker.nativeLinker().defaultLookup().findOrThrow(name),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments),
                        Linker.Option.captureCallState("errno"));
    }

    /** Opens a file to read; the descriptor is to be closed. */
    static int open(String path) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            return result("open " + path, state, (int) OPEN.invokeExact(state, arena.allocateFrom(path), O_CLOEXEC));
        } catch (Throwable e) {
            throw sorted(e);
        }
    }

    static void close(int descriptor) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            result("close", state, (int) CLOSE.invokeExact(state, descriptor));
        } catch (Throwable e) {
            throw sorted(e);
        }
    }

    /** Moves the calling thread, and no other, into the namespace. */
    static void setns(int descriptor, int kind) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            result("setns", state, (int) SETNS.invokeExact(state, descriptor, kind));
        } catch (Throwable e) {
            throw sorted(e);
        }
    }

    /** The descriptor is to be closed. */
    static int socket(int family, int type, int protocol) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            return result("socket", state, (int) SOCKET.invokeExact(state, family, type | O_CLOEXEC, protocol));
        } catch (Throwable e) {
            throw sorted(e);
        }
    }

    static void kill(int process, int signal) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            result("kill", state, (int) KILL.invokeExact(state, process, signal));
        } catch (Throwable e) {
            throw sorted(e);
        }
    }

    static int interfaceIndex(String name) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int index = (int) IF_INDEX.invokeExact(state, arena.allocateFrom(name));
            return result("interface " + name, state, index == 0 ? -1 : index);
        } catch (Throwable e) {
            throw sorted(e);
        }
    }

    static void send(int socket, byte[] packet, byte[] address) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            long sent = (long) SENDTO.invokeExact(
                    state,
                    socket,
                    arena.allocateFrom(ValueLayout.JAVA_BYTE, packet),
                    (long) packet.length,
                    0,
                    arena.allocateFrom(ValueLayout.JAVA_BYTE, address),
                    address.length);
            result("sendto", state, (int) sent);
        } catch (Throwable e) {
            throw sorted(e);
        }
    }

    private static int result(String what, MemorySegment state, int value) throws IOException {
        if (value < 0) {
            throw new IOException(what + " failed with errno " + (int) ERRNO.get(state, 0L));
        }
        return value;
    }

    private static IOException sorted(Throwable e) {
        return switch (e) {
            case IOException io -> io;
            case RuntimeException runtime -> throw runtime;
            case Error error -> throw error;
            default -> new IOException(e);
        };
    }
}
