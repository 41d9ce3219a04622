package io.nacre.network.linux;

import io.nacre.base.Fault;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * libnftables in this process: a transaction takes less than a millisecond. The library's context is not thread-safe
 * and its socket belongs to a namespace, so a platform thread of its own holds it and lives in that namespace.
 */
final class LibNftables implements Nftables {
    private static final long LIMIT_SECONDS = 30;

    private final Library library;
    private final ExecutorService thread;
    private final MemorySegment context;

    /** The functions used, bound once for the process. */
    static final class Library {
        private final MethodHandle create;
        private final MethodHandle free;
        private final MethodHandle bufferOutput;
        private final MethodHandle bufferError;
        private final MethodHandle output;
        private final MethodHandle error;
        private final MethodHandle run;

        /** @throws IllegalArgumentException when the library is not installed */
        Library() {
            SymbolLookup symbols = SymbolLookup.libraryLookup("libnftables.so.1", Arena.global());
            var pointer = ValueLayout.ADDRESS;
            var number = ValueLayout.JAVA_INT;
            create = bind(symbols, "nft_ctx_new", FunctionDescriptor.of(pointer, number));
            free = bind(symbols, "nft_ctx_free", FunctionDescriptor.ofVoid(pointer));
            bufferOutput = bind(symbols, "nft_ctx_buffer_output", FunctionDescriptor.of(number, pointer));
            bufferError = bind(symbols, "nft_ctx_buffer_error", FunctionDescriptor.of(number, pointer));
            output = bind(symbols, "nft_ctx_get_output_buffer", FunctionDescriptor.of(pointer, pointer));
            error = bind(symbols, "nft_ctx_get_error_buffer", FunctionDescriptor.of(pointer, pointer));
            run = bind(symbols, "nft_run_cmd_from_buffer", FunctionDescriptor.of(number, pointer, pointer));
        }

        private static MethodHandle bind(SymbolLookup symbols, String name, FunctionDescriptor shape) {
            return Linker.nativeLinker().downcallHandle(symbols.findOrThrow(name), shape);
        }

        private MemorySegment open() throws Throwable {
            MemorySegment context = (MemorySegment) create.invokeExact(0);
            if (context.address() == 0) {
                throw new IllegalStateException("libnftables gives no context");
            }
            int unused = (int) bufferOutput.invokeExact(context);
            unused |= (int) bufferError.invokeExact(context);
            if (unused != 0) {
                throw new IllegalStateException("libnftables cannot buffer its output");
            }
            return context;
        }

        private String run(MemorySegment context, String commands) throws Throwable {
            try (Arena arena = Arena.ofConfined()) {
                int status = (int) run.invokeExact(context, arena.allocateFrom(commands));
                String complaint = text((MemorySegment) error.invokeExact(context));
                String printed = text((MemorySegment) output.invokeExact(context));
                if (status != 0) {
                    throw Tools.failed("nft", commands, complaint);
                }
                return printed;
            }
        }

        private static String text(MemorySegment string) {
            return string.address() == 0
                    ? ""
                    : string.reinterpret(Integer.MAX_VALUE).getString(0);
        }
    }

    LibNftables(Library library, String namespace) {
        this.library = library;
        this.thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("nft in " + namespace).daemon().factory());
        try {
            this.context = call(() -> {
                Namespaces.enter(namespace);
                return sorted(library::open);
            });
        } catch (RuntimeException e) {
            thread.shutdownNow();
            throw e;
        }
    }

    @Override
    public String run(String commands) {
        return call(() -> sorted(() -> library.run(context, commands)));
    }

    @Override
    public void close() {
        if (thread.isShutdown()) {
            return;
        }
        call(() -> sorted(() -> {
            library.free.invokeExact(context);
            return true;
        }));
        thread.shutdown();
    }

    private <T> T call(Callable<T> body) {
        try {
            return thread.submit(body).get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw Fault.internal("The packet filter of this host could not be changed.")
                    .because(e);
        } catch (TimeoutException e) {
            throw Fault.unavailable("The packet filter of this host does not answer.")
                    .because(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.unavailable("The command was interrupted.").because(e);
        }
    }

    private interface NativeCall<T> {
        T call() throws Throwable;
    }

    private static <T> T sorted(NativeCall<T> body) throws Exception {
        try {
            return body.call();
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
