/** What has happened, told by those it happened to; nobody is obliged to listen. Topic and record stand together. */
@NullMarked
package io.nacre.contracts.event;

import org.jspecify.annotations.NullMarked;
