package io.nacre.keystone.region;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A part of the cloud with endpoints of its own. */
public record Region(
        String id, String description, @Nullable String parentRegionId, ObjectNode extra) {}
