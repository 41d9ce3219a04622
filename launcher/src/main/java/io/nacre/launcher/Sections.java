package io.nacre.launcher;

import io.nacre.agent.AgentConfig;
import io.nacre.bus.RabbitConfig;
import io.nacre.cache.CacheConfig;
import io.nacre.compute.ComputeConfig;
import io.nacre.config.InvalidSettings;
import io.nacre.config.Settings;
import io.nacre.database.DatabaseConfig;
import io.nacre.glance.GlanceConfig;
import io.nacre.http.HttpConfig;
import io.nacre.keystone.KeystoneConfig;
import io.nacre.network.NetworkConfig;
import io.nacre.neutron.NeutronConfig;
import io.nacre.nova.NovaConfig;
import io.nacre.tasks.TaskConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Every section of the settings. All are read by every kind of process, so that one file serves a whole cloud. */
record Sections(
        CloudConfig cloud,
        DatabaseConfig database,
        HttpConfig http,
        RabbitConfig rabbit,
        NotificationsConfig notifications,
        CacheConfig cache,
        TaskConfig tasks,
        PolicyConfig policy,
        KeystoneConfig keystone,
        GlanceConfig glance,
        NeutronConfig neutron,
        NovaConfig nova,
        AgentConfig agent,
        ComputeConfig compute,
        NetworkConfig network) {

    static Sections read(Settings settings, Path state) {
        CloudConfig cloud = settings.section("cloud", CloudConfig.defaults());
        Path shared = cloud.shared(state);
        Sections sections = new Sections(
                cloud,
                settings.section("database", DatabaseConfig.file(state.resolve("nacre.db"))),
                settings.section("http", HttpConfig.defaults()),
                settings.section("rabbit", RabbitConfig.defaults()),
                settings.section("notifications", NotificationsConfig.DEFAULTS),
                settings.section("cache", CacheConfig.defaults()),
                settings.section("tasks", TaskConfig.DEFAULTS),
                settings.section("policy", PolicyConfig.DEFAULTS),
                settings.section("keystone", KeystoneConfig.defaults(shared.resolve("keystone"))),
                settings.section("glance", GlanceConfig.defaults(shared.resolve("images"))),
                settings.section("neutron", NeutronConfig.defaults()),
                settings.section("nova", NovaConfig.defaults()),
                settings.section("agent", AgentConfig.defaults()),
                settings.section("compute", ComputeConfig.DEFAULTS),
                settings.section("network", NetworkConfig.defaults()));
        settings.rejectUnknownSections();
        sections.check();
        return sections;
    }

    /** What no section can tell by itself. */
    private void check() {
        Duration patience = nova.serviceDownTime().compareTo(neutron.agentDownTime()) < 0
                ? nova.serviceDownTime()
                : neutron.agentDownTime();
        if (agent.heartbeat().compareTo(patience) >= 0) {
            throw new InvalidSettings(List.of("[agent] heartbeat must be below [nova] service_down_time and [neutron]"
                    + " agent_down_time, or agents that live count as down"));
        }
    }
}
