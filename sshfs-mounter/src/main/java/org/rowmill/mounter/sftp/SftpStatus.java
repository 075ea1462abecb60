package org.rowmill.mounter.sftp;

/** The codes of a status reply of SFTP version 3. */
enum SftpStatus {
    OK(0),
    EOF(1),
    NO_SUCH_FILE(2),
    PERMISSION_DENIED(3),
    FAILURE(4),
    BAD_MESSAGE(5),
    OP_UNSUPPORTED(8);

    private final int code;

    SftpStatus(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
