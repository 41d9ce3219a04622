package io.nacre.nova.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerFiltersTest {
    private static ServerFilters filters(Map<String, List<String>> query, int minor, boolean operator) {
        return ServerFilters.of(new ServerFilters.Asked(query, minor, operator, false), Map.entry("project_id", "p1"));
    }

    @Test
    void aMemberSeesWhatExistsInTheirProjectAndCannotAskForMore() {
        ServerFilters filters = filters(Map.of("host", List.of("h1"), "deleted", List.of("True")), 60, false);
        assertThat(filters.owners()).containsEntry("project_id", "p1");
        assertThat(filters.exact()).isEmpty();
        assertThat(filters.deleted()).isFalse();
        assertThat(filters(Map.of("host", List.of("h1")), 60, true).exact()).containsEntry("host", List.of("h1"));
    }

    @Test
    void changesSinceShowsDeletedServersToo() {
        assertThat(filters(Map.of("changes-since", List.of("2026-01-01T00:00:00Z")), 1, false)
                        .deleted())
                .isNull();
        assertThatThrownBy(() -> filters(
                        Map.of(
                                "changes-since", List.of("2026-01-02T00:00:00Z"),
                                "changes-before", List.of("2026-01-01T00:00:00Z")),
                        66,
                        false))
                .hasMessageContaining("changes-since must be less than");
        assertThatThrownBy(() -> filters(Map.of("changes-since", List.of("yesterday")), 1, false))
                .hasMessageContaining("date-time");
    }

    @Test
    void aStatusIsAStateAndPerhapsATask() {
        ServerFilters reboot = filters(Map.of("status", List.of("REBOOT")), 60, false);
        assertThat(reboot.vmStates()).containsExactly(VmState.ACTIVE);
        assertThat(reboot.taskStates()).containsExactly(TaskState.REBOOTING);
        assertThat(filters(Map.of("status", List.of("shutoff")), 60, false).vmStates())
                .containsExactly(VmState.STOPPED);
        assertThat(filters(Map.of("status", List.of("nonsense")), 37, false).nothing())
                .isTrue();
        assertThatThrownBy(() -> filters(Map.of("status", List.of("nonsense")), 38, false))
                .hasMessage("Invalid status value");
        assertThatThrownBy(() -> filters(Map.of("status", List.of("DELETED")), 60, false))
                .hasMessage("Only administrators may list deleted instances");
        assertThat(filters(Map.of("status", List.of("DELETED")), 60, true).deleted())
                .isTrue();
    }

    @Test
    void unknownParametersAreRefusedSince275() {
        assertThat(filters(Map.of("colour", List.of("blue")), 74, false).exact())
                .isEmpty();
        assertThatThrownBy(() -> filters(Map.of("colour", List.of("blue")), 75, false))
                .hasMessageContaining("'colour' was unexpected");
    }

    @Test
    void tagsCountSince226AndLockedSince273() {
        assertThat(filters(Map.of("tags", List.of("a,b")), 26, false).tags().all())
                .containsExactly("a", "b");
        assertThat(filters(Map.of("tags", List.of("a,b")), 25, false).tags().all())
                .isEmpty();
        assertThat(filters(Map.of("locked", List.of("true")), 73, false).locked())
                .isTrue();
        assertThat(filters(Map.of("locked", List.of("true")), 72, false).locked())
                .isNull();
    }
}
