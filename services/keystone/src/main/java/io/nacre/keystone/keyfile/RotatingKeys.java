package io.nacre.keystone.keyfile;

import java.time.Duration;

/** Keys of which one is in use, one is staged to be the next, and older ones still count for what they were used for. */
public interface RotatingKeys {
    /** Makes the staged key the one in use, stages a new one, and removes the oldest beyond the limit. */
    void rotate();

    /** Rotates when the last rotation is that long ago; several controllers that share the keys rotate them once. */
    void rotateWhenOlder(Duration age);
}
