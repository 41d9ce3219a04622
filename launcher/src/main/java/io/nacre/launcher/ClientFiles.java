package io.nacre.launcher;

import java.io.IOException;
import java.nio.file.Path;

/** What clients need to log in: clouds.yaml for {@code OS_CLOUD=nacre}, and an openrc to source. */
record ClientFiles(Path cloudsYaml, Path openrc) {

    static ClientFiles write(State state, CloudConfig cloud, String password) throws IOException {
        ClientFiles files = new ClientFiles(state.file("clouds.yaml"), state.file("openrc"));
        String authUrl = Endpoint.KEYSTONE.url(cloud);
        State.writePrivate(files.cloudsYaml, """
                clouds:
                  nacre:
                    auth:
                      auth_url: %s
                      username: admin
                      password: %s
                      project_name: admin
                      user_domain_name: Default
                      project_domain_name: Default
                    region_name: %s
                    identity_api_version: 3
                    interface: public
                """.formatted(authUrl, password, cloud.region()));
        State.writePrivate(files.openrc, """
                export OS_AUTH_URL=%s
                export OS_USERNAME=admin
                export OS_PASSWORD=%s
                export OS_PROJECT_NAME=admin
                export OS_USER_DOMAIN_NAME=Default
                export OS_PROJECT_DOMAIN_NAME=Default
                export OS_REGION_NAME=%s
                export OS_IDENTITY_API_VERSION=3
                """.formatted(authUrl, password, cloud.region()));
        return files;
    }
}
