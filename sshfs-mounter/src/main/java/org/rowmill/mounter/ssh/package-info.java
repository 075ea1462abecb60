/**
 * SSH connections: sessions, keys, configuration, known hosts, forwarded ports and remote commands. No other package
 * uses JSch. Entry type: {@link org.rowmill.mounter.ssh.SshSession}.
 */
@NullMarked
package org.rowmill.mounter.ssh;

import org.jspecify.annotations.NullMarked;
