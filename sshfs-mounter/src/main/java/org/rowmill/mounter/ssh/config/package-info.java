/** What the SSH configuration says about a host: read by OpenSSH itself, or by Rowmill where there is no OpenSSH. */
@NullMarked
package org.rowmill.mounter.ssh.config;

import org.jspecify.annotations.NullMarked;
