/** Services of the catalog: what this cloud offers. API reference "Service catalog and endpoints". */
@NullMarked
package io.nacre.keystone.service;

import org.jspecify.annotations.NullMarked;
