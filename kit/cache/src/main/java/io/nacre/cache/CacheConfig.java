package io.nacre.cache;

import io.nacre.config.Bytes;
import io.nacre.config.Doc;
import io.nacre.config.Secret;
import java.time.Duration;
import java.util.List;

@Doc("What is remembered between requests. Several controllers share it through Memcached.")
public record CacheConfig(
        @Doc("How much a controller keeps in its own memory.")
        Bytes localMaximum,

        @Doc("How long a controller may go on with what another has changed in Memcached.")
        Duration localTtl,

        @Doc("Memcached servers as host:port, the same everywhere in a cloud; none for a single controller.")
        List<String> memcacheServers,

        @Doc("How long one question to Memcached may take.") Duration memcacheSocketTimeout,

        @Doc("How long a server that does not answer is left alone.")
        Duration memcacheDeadRetry,

        @Doc("The secret that values in Memcached are encrypted and signed with. When not set, one is made that the"
                + " controllers share.")
        Secret memcacheSecretKey) {

    public CacheConfig {
        if (!localTtl.isPositive() || !memcacheSocketTimeout.isPositive() || !memcacheDeadRetry.isPositive()) {
            throw new IllegalArgumentException(
                    "local_ttl, memcache_socket_timeout and memcache_dead_retry must be positive");
        }
        if (!memcacheServers.stream().allMatch(server -> server.matches("\\S+:\\d{1,5}"))) {
            throw new IllegalArgumentException("memcache_servers must be a list of host:port");
        }
    }

    public static CacheConfig defaults() {
        return new CacheConfig(
                Bytes.ofMiB(16),
                Duration.ofSeconds(5),
                List.of(),
                Duration.ofMillis(250),
                Duration.ofSeconds(5),
                Secret.NONE);
    }

    /** With the secret that the settings do not name. */
    public CacheConfig withSecretKey(Secret key) {
        return new CacheConfig(localMaximum, localTtl, memcacheServers, memcacheSocketTimeout, memcacheDeadRetry, key);
    }
}
