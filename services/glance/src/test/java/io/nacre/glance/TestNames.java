package io.nacre.glance;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Names that only tests know. Those below s3.test lead to this machine. */
public final class TestNames extends InetAddressResolverProvider {
    private static final Map<String, List<InetAddress>> NAMES = new ConcurrentHashMap<>();

    /** What the name leads to from now on. */
    public static void set(String name, String... addresses) {
        NAMES.put(name, Stream.of(addresses).map(InetAddress::ofLiteral).toList());
    }

    @Override
    public String name() {
        return "names of tests";
    }

    @Override
    public InetAddressResolver get(Configuration configuration) {
        InetAddressResolver system = configuration.builtinResolver();
        return new InetAddressResolver() {
            @Override
            public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
                List<InetAddress> known = NAMES.get(host);
                if (known != null) {
                    return known.stream();
                }
                return host.endsWith("s3.test")
                        ? Stream.of(InetAddress.ofLiteral("127.0.0.1"))
                        : system.lookupByName(host, policy);
            }

            @Override
            public String lookupByAddress(byte[] address) throws UnknownHostException {
                return system.lookupByAddress(address);
            }
        };
    }
}
