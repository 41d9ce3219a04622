package io.nacre.glance.store.rbd;

import io.nacre.glance.store.StoreDriver.StoreFull;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to a pool. The library's calls wait in native code, so they are made on threads of their own: those of requests
 * are few and must go on. The connection is made when it is first needed, and anew when the cluster has shut us out.
 */
final class RbdPool {
    private static final Logger LOG = LoggerFactory.getLogger(RbdPool.class);
    static final int ENOENT = 2;
    static final int EBUSY = 16;
    static final int EINVAL = 22;
    private static final int ENOSPC = 28;
    static final int ERANGE = 34;
    static final int ENOTEMPTY = 39;
    private static final int ESHUTDOWN = 108;
    private static final int EDQUOT = 122;
    private static final int FSID_LENGTH = 37;
    private static final int SETTING_LENGTH = 64;
    /** Cloning from snapshots, which is what a pool of images is for. */
    private static final long LAYERING = 1;

    private final RbdStoreConfig config;
    private final ExecutorService threads = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("rbd-", 0).factory());
    private @Nullable Link link;

    RbdPool(RbdStoreConfig config) {
        this.config = config;
    }

    /**
     * A connection.
     *
     * @param io the pool in it
     * @param features of images that are made
     */
    record Link(LibRbd lib, MemorySegment cluster, MemorySegment io, String fsid, long features) {}

    /** What is done with a connection, in native code. */
    interface Work<T> {
        T with(Link link, Arena arena) throws IOException;
    }

    /** Does it on a thread that may wait, for as long as the cluster may not answer and some more. */
    <T> T call(Work<T> work) throws IOException {
        Duration limit = config.patience().multipliedBy(2).plusSeconds(5);
        Future<T> result = threads.submit(() -> {
            try (Arena arena = Arena.ofConfined()) {
                return work.with(link(), arena);
            }
        });
        try {
            return result.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException(where() + " does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException trouble) {
                throw trouble;
            }
            throw new IOException(where() + " cannot be used", e.getCause());
        }
    }

    /** What is done with a connection and answers nothing. */
    interface Act {
        void with(Link link, Arena arena) throws IOException;
    }

    void run(Act act) throws IOException {
        call((link, arena) -> {
            act.with(link, arena);
            return true;
        });
    }

    private synchronized Link link() throws IOException {
        if (link == null) {
            link = connect();
        }
        return link;
    }

    private Link connect() throws IOException {
        LibRbd lib;
        try {
            lib = new LibRbd();
        } catch (IllegalArgumentException e) {
            throw new IOException(where() + " needs librbd.so.1, which is not installed", e);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
            require(
                    lib.call(
                            "rados_create2",
                            out,
                            arena.allocateFrom("ceph"),
                            arena.allocateFrom("client." + config.userName()),
                            0L),
                    "be addressed");
            MemorySegment cluster = LibRbd.pointer(out);
            boolean connected = false;
            try {
                MemorySegment file = config.cephConf() == null
                        ? MemorySegment.NULL
                        : arena.allocateFrom(config.cephConf().toString());
                require(lib.call("rados_conf_read_file", cluster, file), "be found by its ceph.conf");
                for (String option :
                        new String[] {"rados_osd_op_timeout", "rados_mon_op_timeout", "client_mount_timeout"}) {
                    String seconds = Long.toString(config.patience().toSeconds());
                    require(
                            lib.call(
                                    "rados_conf_set", cluster, arena.allocateFrom(option), arena.allocateFrom(seconds)),
                            "take " + option);
                }
                require(lib.call("rados_connect", cluster), "be reached");
                require(
                        lib.call("rados_ioctx_create", cluster, arena.allocateFrom(config.poolName()), out),
                        "open its pool");
                MemorySegment io = LibRbd.pointer(out);
                // A full pool is to say so, not to let us wait until it is not full any more.
                lib.call("rados_set_pool_full_try", io);
                Link made = new Link(lib, cluster, io, fsid(lib, cluster, arena), features(lib, cluster, arena));
                connected = true;
                return made;
            } finally {
                if (!connected) {
                    lib.call("rados_shutdown", cluster);
                }
            }
        }
    }

    private String fsid(LibRbd lib, MemorySegment cluster, Arena arena) throws IOException {
        MemorySegment text = arena.allocate(FSID_LENGTH);
        require(lib.call("rados_cluster_fsid", cluster, text, (long) FSID_LENGTH), "tell its name");
        return text.getString(0);
    }

    /** What the cluster's clients are told to make; cloning at least. */
    private static long features(LibRbd lib, MemorySegment cluster, Arena arena) {
        MemorySegment text = arena.allocate(SETTING_LENGTH);
        long answer = lib.call(
                "rados_conf_get", cluster, arena.allocateFrom("rbd_default_features"), text, (long) SETTING_LENGTH);
        String value = answer < 0 ? "" : text.getString(0);
        return value.matches("[1-9]\\d{0,17}") ? Long.parseLong(value) | LAYERING : LAYERING;
    }

    /** A call that was given up may still use it; it is lost then, which is rare and little. */
    static void release(Arena arena) {
        try {
            arena.close();
        } catch (IllegalStateException e) {
            LOG.warn("Memory of a call to Ceph that does not end is not given back", e);
        }
    }

    /** @param answer of a function; throws when it is an error */
    long require(long answer, String what) throws IOException {
        if (answer >= 0) {
            return answer;
        }
        int error = (int) -answer;
        if (error == ESHUTDOWN) {
            synchronized (this) {
                link = null;
            }
        }
        IOException trouble = new IOException(where() + " cannot " + what + ": " + text(error));
        throw error == ENOSPC || error == EDQUOT ? new StoreFull(trouble) : trouble;
    }

    /** The same, where an image is asked for that may not be there. */
    long requireImage(long answer, String key, String what) throws IOException {
        if (answer == -ENOENT) {
            throw new NoSuchFileException(key);
        }
        return require(answer, what);
    }

    private String where() {
        return "The RBD store in pool " + config.poolName();
    }

    private static String text(int error) {
        return switch (error) {
            case 1, 13 -> "permission denied";
            case ENOENT -> "there is none";
            case EBUSY -> "it is in use";
            case ESHUTDOWN -> "the cluster has shut us out";
            case 110 -> "the cluster does not answer";
            default -> "error " + error;
        };
    }
}
