package io.nacre.glance.metadef;

import java.time.Instant;

/** A type of resources, such as OS::Glance::Image, which definitions can be meant for. */
record ResourceType(String name, Instant createdAt, Instant updatedAt) {}
