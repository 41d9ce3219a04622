package io.nacre.keystone.saml;

import java.util.List;

/**
 * What an assertion tells.
 *
 * @param groups each as {@code JSON:{"name": ..., "domain": {"name": ...}}}
 */
record Claims(
        String user,
        String userDomain,
        List<String> roles,
        String project,
        String projectDomain,
        List<String> groups) {}
