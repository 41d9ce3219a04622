package io.nacre.network;

/**
 * A declaration with the small number that stands for it inside this host, where 36 characters do not fit: in a
 * packet's mark or a connection tracking zone.
 *
 * @param number 1 to 65535, unique among declarations of its kind, kept over restarts of the agent
 */
public record Numbered<T>(T spec, int number) {}
