/**
 * A data plane that moves nothing: it remembers what was declared, with the names a real one would give. For tests,
 * benchmarks and clouds whose guests are fake too.
 */
@NullMarked
package io.nacre.network.fake;

import org.jspecify.annotations.NullMarked;
