package io.nacre.keystone.directory;

import io.nacre.config.Doc;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Options of [keystone.identity]. */
public record IdentityConfig(
        @Doc("Whether domains may have their users and groups in a directory of their own.")
        boolean domainSpecificDriversEnabled,

        @Doc("Whether what is set for a domain through the API counts; else what stands in domain_config_dir does.")
        boolean domainConfigurationsFromDatabase,

        @Doc("Directory of the files keystone.NAME.conf, one for each domain with settings of its own.")
        Path domainConfigDir,

        @Doc(
                "Keystone's own keystone.conf, or what is left of one: its [identity] driver and [ldap] say where the users"
                        + " and groups of the default domain are, when that has no settings of its own.")
        @Nullable
        Path configFile,

        @Doc("How often the users and groups of directories that are known here are looked up again.")
        Duration cacheTime) {

    /** @param state where keystone keeps its files */
    public static IdentityConfig defaults(Path state) {
        return new IdentityConfig(false, false, state.resolve("domains"), null, Duration.ofMinutes(10));
    }

    /** Whether any domain may have its users and groups in a directory. */
    public boolean usesDirectories() {
        return domainSpecificDriversEnabled || configFile != null;
    }

    public IdentityConfig {
        if (cacheTime.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("cache_time must not be below a second");
        }
    }
}
