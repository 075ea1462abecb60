package org.rowmill.mounter.sftp;

import java.io.IOException;

/** A request that is answered by an error; the connection goes on. */
final class Refusal extends IOException {

    private static final long serialVersionUID = 1L;

    private final SftpStatus status;

    Refusal(SftpStatus status, String message) {
        super(message);
        this.status = status;
    }

    SftpStatus status() {
        return status;
    }
}
