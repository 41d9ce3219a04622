/**
 * What is made of the words of an identity provider. API reference "OS-FEDERATION", mappings.
 */
@NullMarked
package io.nacre.keystone.mapping;

import org.jspecify.annotations.NullMarked;
