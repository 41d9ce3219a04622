/** The password that a guest made for itself and sealed for its key pair, told by the guest through its metadata. */
@NullMarked
package io.nacre.nova.serverpassword;

import org.jspecify.annotations.NullMarked;
