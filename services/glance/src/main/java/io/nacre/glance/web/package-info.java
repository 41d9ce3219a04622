/** The way to what lies in the web: where one may go, and how to get something from there. */
@NullMarked
package io.nacre.glance.web;

import org.jspecify.annotations.NullMarked;
