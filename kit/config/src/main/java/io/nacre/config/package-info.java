/**
 * Typed settings. Each component declares a record whose components are its options, with their defaults as an
 * instance and a {@link io.nacre.config.Doc} on each; {@link io.nacre.config.Settings} lays TOML files, environment
 * variables and command line overrides over these defaults. The record is the only list of options there is: it is
 * what the code reads, what an unknown key is checked against, and what {@link io.nacre.config.Sample} prints.
 *
 * <p>An option {@code startTimeout} is written {@code start_timeout}, in a section named as OpenStack names it. An
 * option that is misspelt, has the wrong type or breaks the record's own rules ends the start with all that is wrong
 * with its section, each problem with file, section and key: a cloud must never run with a setting that its operator
 * believes to have made. Every value has one way to be written; durations and sizes always carry their unit.
 */
@NullMarked
package io.nacre.config;

import org.jspecify.annotations.NullMarked;
