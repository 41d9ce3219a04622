package io.nacre.launcher;

import io.nacre.config.Doc;
import java.util.List;

@Doc("What services tell programs outside of the cloud that listen by oslo.messaging.")
record NotificationsConfig(
        @Doc("\"messagingv2\" tells it over RabbitMQ, \"noop\" tells nothing.")
        Driver driver,

        @Doc(
                "To which topics; \"notifications\" is the queue notifications.info. What nobody takes from it stays there.")
        List<String> topics) {

    enum Driver {
        NOOP,
        MESSAGINGV2
    }

    static final NotificationsConfig DEFAULTS = new NotificationsConfig(Driver.NOOP, List.of("notifications"));

    /** Where something of the priority INFO goes. */
    List<String> queues() {
        return driver == Driver.NOOP
                ? List.of()
                : topics.stream().map(topic -> topic + ".info").toList();
    }
}
