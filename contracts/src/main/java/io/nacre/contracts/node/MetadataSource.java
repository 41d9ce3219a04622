package io.nacre.contracts.node;

import org.jspecify.annotations.Nullable;

/**
 * Answers a guest's metadata request, for a node that knows from which port it came. Served by the controllers at
 * {@code metadata}. The guest is identified by its network and source address there, never by what it says.
 */
public interface MetadataSource {

    Answer metadata(Query query);

    /**
     * @param path as the guest asked for it, such as /openstack/latest/meta_data.json
     * @param body as UTF-8 text; empty but for a POST
     */
    record Query(String networkId, String sourceAddress, String method, String path, String body) {}

    record Answer(int status, @Nullable String contentType, byte[] body) {}
}
