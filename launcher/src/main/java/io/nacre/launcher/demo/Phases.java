package io.nacre.launcher.demo;

/** Tells how long each part of a long command took, as it ends. */
public final class Phases {
    private long began = System.nanoTime();

    public void done(String what) {
        long now = System.nanoTime();
        System.out.printf("%6.1f s  %s%n", (now - began) / 1e9, what);
        began = now;
    }
}
