package io.nacre.glance.store.http;

import io.nacre.config.Doc;
import io.nacre.glance.store.StoreConfig;
import io.nacre.glance.store.StoreDriver;
import io.nacre.glance.web.WebAddresses;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

@Doc("Data that others serve by HTTP. Images name it by its URL; nothing can be put there.")
public record HttpStoreConfig(
        @Doc("What people are told of it.") @Nullable String description,

        @Doc("Data that several stores have is read from the heaviest; 0 when it is not set.") @Nullable
        Integer weight,

        @Doc("Ports that may be connected to; 80 and 443 when it is not set.") @Nullable
        List<Integer> ports,

        @Doc("Internal addresses that may be reached all the same, such as 10.1.0.0/16, or 10.0.0.7:8080.") @Nullable
        List<String> allow,

        @Doc("File of certificates (PEM) that sign the servers'; those of the JDK when it is not set.") @Nullable
        Path cacert)
        implements StoreConfig {

    public HttpStoreConfig {
        new WebAddresses(ports == null ? List.of() : ports, allow == null ? List.of() : allow);
    }

    @Override
    public boolean readOnly() {
        return true;
    }

    @Override
    public StoreDriver open() {
        WebAddresses addresses = new WebAddresses(
                Objects.requireNonNullElse(ports, List.of(80, 443)), Objects.requireNonNullElse(allow, List.of()));
        return new HttpDriver(addresses, cacert);
    }
}
