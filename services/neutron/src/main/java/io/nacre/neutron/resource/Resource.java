package io.nacre.neutron.resource;

/** Something the API makes, shows, changes and deletes. */
public interface Resource {
    Standard standard();

    default String id() {
        return standard().id();
    }

    default String projectId() {
        return standard().projectId();
    }
}
