/**
 * The wire. A service is a list of {@link io.nacre.http.Route}s, each saying on one line what may be asked, by whom,
 * in which versions, with which body, and who answers. {@link io.nacre.http.HttpServer} serves many services, each on
 * its port; {@code Exchange} is the whole path of a request: find the route, check the version, the token, the policy
 * and the body, call the handler, write the answer or the fault in the service's own format.
 */
@NullMarked
package io.nacre.http;

import org.jspecify.annotations.NullMarked;
