/** The key pairs that sign tokens which are JSON Web Signatures: {@code JwsKeys} is the directory, {@code Pem} a file. */
@NullMarked
package io.nacre.keystone.jws;

import org.jspecify.annotations.NullMarked;
