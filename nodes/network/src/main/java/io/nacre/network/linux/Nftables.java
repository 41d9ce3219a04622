package io.nacre.network.linux;

/** Packet filters of one namespace. */
interface Nftables extends AutoCloseable {

    /**
     * Carries out commands in nft's language as one transaction: all of them or none.
     *
     * @return what they print
     */
    String run(String commands);

    @Override
    void close();
}
