package io.nacre.glance.data;

/**
 * Data that a task puts into a store.
 *
 * @param key under which it will be
 * @param done whether it is there
 */
record Copy(String store, String key, boolean done) {
    Copy finished() {
        return new Copy(store, key, true);
    }
}
