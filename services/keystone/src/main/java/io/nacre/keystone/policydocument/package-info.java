/**
 * Policies as the v3 API knows them: documents that somebody may keep here. Nothing reads them; the rules of this cloud
 * are in its policy files. API reference "Policies".
 */
@NullMarked
package io.nacre.keystone.policydocument;

import org.jspecify.annotations.NullMarked;
