package io.nacre.nova.server;

/** What a server is when nothing is going on (nova's vm_states). */
public enum VmState {
    BUILDING("building", "BUILD"),
    ACTIVE("active", "ACTIVE"),
    PAUSED("paused", "PAUSED"),
    SUSPENDED("suspended", "SUSPENDED"),
    STOPPED("stopped", "SHUTOFF"),
    RESCUED("rescued", "RESCUE"),
    RESIZED("resized", "VERIFY_RESIZE"),
    SOFT_DELETED("soft-delete", "SOFT_DELETED"),
    DELETED("deleted", "DELETED"),
    ERROR("error", "ERROR"),
    SHELVED("shelved", "SHELVED"),
    SHELVED_OFFLOADED("shelved_offloaded", "SHELVED_OFFLOADED");

    private final String wire;
    private final String status;

    VmState(String wire, String status) {
        this.wire = wire;
        this.status = status;
    }

    public String wire() {
        return wire;
    }

    /** The status of a server in this state that does nothing. */
    public String status() {
        return status;
    }
}
