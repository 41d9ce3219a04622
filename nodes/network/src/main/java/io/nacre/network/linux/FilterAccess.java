package io.nacre.network.linux;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens packet filters by the best way this host has. */
final class FilterAccess {
    private static final Logger LOG = LoggerFactory.getLogger(FilterAccess.class);

    private final Tools tools;
    private final LibNftables.@Nullable Library library;

    private FilterAccess(Tools tools, LibNftables.@Nullable Library library) {
        this.tools = tools;
        this.library = library;
    }

    static FilterAccess probe(Tools tools) {
        try {
            return new FilterAccess(tools, new LibNftables.Library());
        } catch (IllegalArgumentException e) {
            LOG.info("libnftables.so.1 is missing, each change of filters starts a process;"
                    + " to spare that: apt-get install libnftables1");
            return new FilterAccess(tools, null);
        }
    }

    static FilterAccess processes(Tools tools) {
        return new FilterAccess(tools, null);
    }

    boolean isPossible() {
        return library != null || tools.find("nft").isPresent();
    }

    Nftables open(String namespace) {
        return library == null ? new NftProcess(tools, namespace) : new LibNftables(library, namespace);
    }

    @Override
    public String toString() {
        return library == null ? "nft" : "libnftables";
    }
}
