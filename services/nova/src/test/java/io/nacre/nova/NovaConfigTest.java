package io.nacre.nova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.Ids;
import io.nacre.config.InvalidSettings;
import io.nacre.config.Settings;
import io.nacre.contracts.event.AgentReported;
import io.nacre.contracts.peer.Placement;
import io.nacre.database.Database;
import io.nacre.database.DatabaseConfig;
import io.nacre.nova.host.HostReports;
import io.nacre.nova.host.HostStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Section [nova] as an operator writes it, and what follows from it. */
class NovaConfigTest {
    @TempDir
    Path directory;

    private static NovaConfig read(String toml) {
        return new Settings().text("nacre.toml", toml).section("nova", NovaConfig.defaults());
    }

    @Test
    void whatIsNotSaidIsTheOriginalsDefault() {
        NovaConfig config = read("[nova]\nmax_attempts = 5\nshutdown_timeout = \"10s\"\nquotas = {instances = 3}\n");
        assertThat(config.maxAttempts()).isEqualTo(5);
        assertThat(config.shutdownTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.quotas()).containsEntry("instances", 3);
        assertThat(config.initialCpuAllocationRatio()).isEqualTo(4.0);
        assertThat(config.cpuAllocationRatio()).isNull();
    }

    @Test
    void nonsenseIsRefusedByName() {
        assertThatThrownBy(() -> read("[nova]\nquotas = {instance = 3}\n"))
                .isInstanceOf(InvalidSettings.class)
                .hasMessageContaining("instance");
        assertThatThrownBy(() -> read("[nova]\nram_allocation_ratio = 0.0\n")).isInstanceOf(InvalidSettings.class);
        assertThatThrownBy(() -> read("[nova]\nservice_down_time = \"9s\"\n"))
                .isInstanceOf(InvalidSettings.class)
                .hasMessageContaining("report_interval");
        assertThatThrownBy(() -> read("[nova]\nmax_attempts = 0\n")).isInstanceOf(InvalidSettings.class);
    }

    @Test
    void aChangedRatioReachesPlacementWithTheFirstReportAfterAStart() {
        FakePlacement placement = new FakePlacement();
        try (Database database = Database.open(
                DatabaseConfig.file(directory.resolve("nova.db")), List.of(Nova.MIGRATIONS, FakeRows.MIGRATIONS))) {
            report(database, placement, NovaConfig.defaults());
            assertThat(memory(placement).allocationRatio()).isEqualTo(1.0);
            assertThat(memory(placement).ratioIsInitial()).isTrue();
            report(database, placement, read("[nova]\nram_allocation_ratio = 1.5\nreserved_host_memory_mib = 100\n"));
            assertThat(memory(placement).allocationRatio()).isEqualTo(1.5);
            assertThat(memory(placement).ratioIsInitial()).isFalse();
            assertThat(memory(placement).reserved()).isEqualTo(100);
            report(database, placement, read("[nova]\ninitial_ram_allocation_ratio = 2.0\n"));
            assertThat(memory(placement).allocationRatio()).isEqualTo(2.0);
            assertThat(memory(placement).ratioIsInitial()).isTrue();
        }
    }

    private static void report(Database database, FakePlacement placement, NovaConfig config) {
        InstantSource clock = InstantSource.system();
        new HostReports(database, new HostStore(), placement, Ids.seeded(1), clock, config)
                .heard(new AgentReported(
                        "host1", Instant.EPOCH, clock.instant(), new FakeNode("host1").report(), null, false));
    }

    private static Placement.Inventory memory(FakePlacement placement) {
        Placement.Inventory inventory =
                placement.providers.values().iterator().next().inventories().get("MEMORY_MB");
        assertThat(inventory).isNotNull();
        return inventory;
    }
}
