package io.nacre.nova.server;

import io.nacre.contracts.node.ComputeNode.PowerState;

/** The numbers by which the API shows power states (nova/compute/power_state.py). */
final class PowerCodes {
    private PowerCodes() {}

    static int of(PowerState state) {
        return switch (state) {
            case NOSTATE -> 0;
            case RUNNING -> 1;
            case PAUSED -> 3;
            case SHUTDOWN -> 4;
            case CRASHED -> 6;
            case SUSPENDED -> 7;
        };
    }

    /** The state's name for its number as text; what is no number stays and will match nothing. */
    static String name(String code) {
        for (PowerState state : PowerState.values()) {
            if (Integer.toString(of(state)).equals(code)) {
                return state.name();
            }
        }
        return code;
    }
}
