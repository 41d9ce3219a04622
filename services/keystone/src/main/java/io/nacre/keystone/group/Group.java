package io.nacre.keystone.group;

import tools.jackson.databind.node.ObjectNode;

/** Users of one domain that are assigned roles together. */
public record Group(String id, String domainId, String name, String description, ObjectNode extra) {}
