package io.nacre.compute.qemu;

import java.io.Serial;

/** QEMU has refused a command; the message is QEMU's own description. */
final class QmpError extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    QmpError(String command, String description) {
        super(command + ": " + description);
    }
}
