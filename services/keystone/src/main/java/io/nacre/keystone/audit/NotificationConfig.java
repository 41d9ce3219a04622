package io.nacre.keystone.audit;

import io.nacre.config.Doc;
import java.util.List;

/** Options of [keystone.notifications]. */
public record NotificationConfig(
        @Doc(
                "What an event about a resource says: \"cadf\" all that an auditor asks for, \"basic\" which resource it is."
                        + " Events about logins and role assignments are always CADF.")
        Format notificationFormat,

        @Doc("Events that are not sent, such as identity.user.created or identity.authenticate.failure.")
        List<String> notificationOptOut) {

    /** How much an event says. */
    public enum Format {
        CADF,
        BASIC
    }

    public static final NotificationConfig DEFAULT = new NotificationConfig(
            Format.CADF, List.of("identity.authenticate.success", "identity.authenticate.pending"));
}
