package org.rowmill.mounter.sftp;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

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

    /** As OpenSSH's server answers, since sshfs turns codes into the error numbers that programs see. */
    static SftpStatus of(Exception e) {
        if (e instanceof Refusal refusal) {
            return refusal.status();
        }
        if (e instanceof NoSuchFileException || e instanceof NotDirectoryException) {
            return NO_SUCH_FILE;
        }
        return e instanceof AccessDeniedException ? PERMISSION_DENIED : FAILURE;
    }

    /** What the client is told: never a path of this computer, which the exception's message may hold. */
    static String text(Exception e) {
        if (e instanceof FileSystemException file) {
            return file.getReason() == null ? e.getClass().getSimpleName() : file.getReason();
        }
        return e instanceof IOException
                ? String.valueOf(e.getMessage())
                : e.getClass().getSimpleName();
    }
}
