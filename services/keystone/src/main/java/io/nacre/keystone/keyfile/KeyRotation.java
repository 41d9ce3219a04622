package io.nacre.keystone.keyfile;

import io.nacre.tasks.Reconciler;
import java.time.Duration;
import java.util.List;

/** Rotates keys that are in use for long enough. */
public final class KeyRotation implements Reconciler {
    private static final Duration OFTEN = Duration.ofMinutes(10);

    private final List<RotatingKeys> repositories;
    private final Duration age;

    public KeyRotation(List<RotatingKeys> repositories, Duration age) {
        this.repositories = repositories;
        this.age = age;
    }

    @Override
    public String name() {
        return "keystone.keys";
    }

    /** Often enough for a rotation to come at about its time. */
    @Override
    public Duration period() {
        Duration tenth = age.dividedBy(10);
        return tenth.compareTo(OFTEN) < 0 ? tenth : OFTEN;
    }

    @Override
    public void run() {
        repositories.forEach(keys -> keys.rotateWhenOlder(age));
    }
}
