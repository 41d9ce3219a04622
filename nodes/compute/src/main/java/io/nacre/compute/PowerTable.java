package io.nacre.compute;

import io.nacre.contracts.node.ComputeNode.PowerAction;
import io.nacre.contracts.node.ComputeNode.PowerState;

/**
 * Which power action makes sense in which state, for every driver. An action whose aim is already reached is done;
 * one that was interrupted and comes again finds the state in between and goes on from there, which is why SUSPEND
 * and RESUME take a paused guest and a reboot takes one that is shut down.
 */
final class PowerTable {
    enum Verdict {
        GO,
        DONE,
        REFUSED
    }

    private PowerTable() {}

    static Verdict verdict(PowerState state, PowerAction action) {
        return switch (state) {
            case RUNNING ->
                switch (action) {
                    case START, UNPAUSE, RESUME -> Verdict.DONE;
                    case STOP, REBOOT_SOFT, REBOOT_HARD, PAUSE, SUSPEND -> Verdict.GO;
                };
            case PAUSED ->
                switch (action) {
                    case PAUSE -> Verdict.DONE;
                    case STOP, REBOOT_SOFT, REBOOT_HARD, UNPAUSE, SUSPEND, RESUME -> Verdict.GO;
                    case START -> Verdict.REFUSED;
                };
            case SHUTDOWN ->
                switch (action) {
                    case STOP -> Verdict.DONE;
                    case START, REBOOT_SOFT, REBOOT_HARD -> Verdict.GO;
                    case PAUSE, UNPAUSE, SUSPEND, RESUME -> Verdict.REFUSED;
                };
            case SUSPENDED ->
                switch (action) {
                    case SUSPEND -> Verdict.DONE;
                    case RESUME, REBOOT_HARD -> Verdict.GO;
                    case START, STOP, REBOOT_SOFT, PAUSE, UNPAUSE -> Verdict.REFUSED;
                };
            case CRASHED ->
                switch (action) {
                    case START, STOP, REBOOT_SOFT, REBOOT_HARD -> Verdict.GO;
                    case PAUSE, UNPAUSE, SUSPEND, RESUME -> Verdict.REFUSED;
                };
            // the hypervisor does not answer: only what can be done by force
            case NOSTATE ->
                switch (action) {
                    case STOP, REBOOT_HARD -> Verdict.GO;
                    case START, REBOOT_SOFT, PAUSE, UNPAUSE, SUSPEND, RESUME -> Verdict.REFUSED;
                };
        };
    }
}
