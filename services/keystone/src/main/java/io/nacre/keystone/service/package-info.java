/** The services of the catalog. API reference "Service catalog and endpoints". */
@NullMarked
package io.nacre.keystone.service;

import org.jspecify.annotations.NullMarked;
