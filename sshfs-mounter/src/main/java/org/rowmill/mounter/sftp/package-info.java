/** The SFTP server that nodes mount: it serves one directory of the head and nothing outside of it. */
@NullMarked
package org.rowmill.mounter.sftp;

import org.jspecify.annotations.NullMarked;
