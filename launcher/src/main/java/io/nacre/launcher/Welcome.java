package io.nacre.launcher;

/** What a person is told when every API answers. */
final class Welcome {
    private Welcome() {}

    static String text(State state, CloudConfig cloud, ClientFiles files) {
        StringBuilder text = new StringBuilder("Nacre is up.\n\n");
        for (Endpoint endpoint : Endpoint.all()) {
            text.append("  %-10s %s%n".formatted(endpoint.type(), endpoint.url(cloud)));
        }
        return text.append("\nLog in with either of\n")
                .append("  export OS_CLIENT_CONFIG_FILE=")
                .append(files.cloudsYaml())
                .append(" OS_CLOUD=nacre\n")
                .append("  . ")
                .append(files.openrc())
                .append("\nand try\n")
                .append("  openstack catalog list\n\n")
                .append("The log is ")
                .append(state.file("log/nacre.log"))
                .append('\n')
                .toString();
    }
}
