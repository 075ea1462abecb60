/** Algorithms of OpenSSH that JSch has only with a further library. */
@NullMarked
package org.rowmill.mounter.ssh.cipher;

import org.jspecify.annotations.NullMarked;
