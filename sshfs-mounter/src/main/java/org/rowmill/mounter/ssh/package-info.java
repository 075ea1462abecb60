/**
 * SSH connections: sessions, keys, configuration, known hosts, forwarded ports and remote commands. The only package
 * that knows JSch.
 */
@NullMarked
package org.rowmill.mounter.ssh;

import org.jspecify.annotations.NullMarked;
