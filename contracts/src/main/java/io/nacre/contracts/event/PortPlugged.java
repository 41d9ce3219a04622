package io.nacre.contracts.event;

/** A port is connected (ACTIVE) or was taken out (DOWN) on its host. */
public record PortPlugged(String portId, String networkId, String deviceId, String host, boolean up) {
    public static final String TOPIC = "port.plugged";
}
