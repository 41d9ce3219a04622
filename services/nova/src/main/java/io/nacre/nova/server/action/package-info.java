/**
 * What is done to servers: one saga per file, which reads as the list of its steps. A saga is started by the API in
 * the transaction that announces it; {@link io.nacre.nova.server.action.ServerSagas} is what all of them stand on.
 */
@NullMarked
package io.nacre.nova.server.action;

import org.jspecify.annotations.NullMarked;
