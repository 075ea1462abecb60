/** The SFTP server that nodes mount. It serves one directory of the head, and nothing outside of it. */
@NullMarked
package org.rowmill.mounter.sftp;

import org.jspecify.annotations.NullMarked;
