/**
 * The node agent: what a host has, put on the bus. It serves {@code compute.HOST} and {@code network.HOST} and reports
 * what is there, at its start, at every heartbeat and whenever somebody asks who is around. Commands are safe to
 * repeat: for one guest or port they run one after the other, so a repetition waits for the first and finds it done.
 */
@NullMarked
package io.nacre.agent;

import org.jspecify.annotations.NullMarked;
