package io.nacre.glance;

import io.nacre.base.Caller;
import io.nacre.base.Tx;
import io.nacre.contracts.peer.Identity;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A keystone that knows what the test tells it. */
public final class FakeIdentity implements Identity {
    /** Of the image service, by region and interface with a slash between. */
    public final Map<String, String> endpoints = new ConcurrentHashMap<>();

    /** By project and resource with a slash between; those that are registered have no project. */
    public final Map<String, Long> limits = new ConcurrentHashMap<>();

    @Override
    public Caller authenticate(String service, Caller.Claim claim) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String serviceToken() {
        return "a-service-token";
    }

    @Override
    public Optional<Project> project(Tx tx, String projectId) {
        return Optional.empty();
    }

    @Override
    public Optional<String> endpoint(Tx tx, Caller caller, String service, String region, String access) {
        return service.equals("image") ? Optional.ofNullable(endpoints.get(region + "/" + access)) : Optional.empty();
    }

    @Override
    public Map<String, Long> limits(Tx tx, String service, String region, String projectId) {
        Map<String, Long> found = new ConcurrentHashMap<>();
        for (String project : new String[] {"", projectId}) {
            limits.forEach((name, limit) -> {
                String[] parts = name.split("/", 2);
                if (parts[0].equals(project)) {
                    found.put(parts[1], limit);
                }
            });
        }
        return found;
    }
}
