package io.nacre.keystone.keyfile;

import java.time.Duration;

/** Keys of which one is in use, one is staged to be the next, and older ones still count for what they were used for. */
public interface RotatingKeys {
    /** Makes the staged key the one in use, stages a new one, and removes the oldest beyond the limit. */
    void rotate();

    /** Rotates when the last rotation is that long ago; several controllers that share the keys rotate them once. */
    void rotateWhenOlder(Duration age);

    /** How many a rotation leaves, the staged one included; invalid when there would be none staged. */
    static int kept(int maxActiveKeys) {
        if (maxActiveKeys < 2) {
            throw new IllegalArgumentException("max_active_keys must be at least 2: one in use and one staged");
        }
        return maxActiveKeys;
    }
}
