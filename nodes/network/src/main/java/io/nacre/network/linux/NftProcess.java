package io.nacre.network.linux;

/** A process for each transaction, some milliseconds; for hosts without libnftables. */
final class NftProcess implements Nftables {
    private final Tools tools;
    private final String namespace;

    NftProcess(Tools tools, String namespace) {
        this.tools = tools;
        this.namespace = namespace;
    }

    @Override
    public String run(String commands) {
        return tools.run(
                commands,
                "ip",
                "netns",
                "exec",
                namespace,
                tools.find("nft").map(Object::toString).orElse("nft"),
                "-f",
                "-");
    }

    @Override
    public void close() {}
}
