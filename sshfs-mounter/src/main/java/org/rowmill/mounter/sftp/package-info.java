/**
 * The SFTP server that nodes mount. It serves one directory of the head, and nothing outside of it. Entry types:
 * {@link org.rowmill.mounter.sftp.SharedDirectory} and {@link org.rowmill.mounter.sftp.SftpServer}.
 */
@NullMarked
package org.rowmill.mounter.sftp;

import org.jspecify.annotations.NullMarked;
