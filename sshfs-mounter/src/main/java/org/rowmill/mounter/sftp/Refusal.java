package org.rowmill.mounter.sftp;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** A request that is answered by an error status. The connection goes on. */
final class Refusal extends IOException {

    private static final long serialVersionUID = 1L;

    private final SftpStatus status;

    Refusal(SftpStatus status, String message) {
        super(message);
        this.status = status;
    }

    /** Returns the refusal that answers a request which failed with this exception. */
    static Refusal of(Exception e) {
        return e instanceof Refusal refusal ? refusal : new Refusal(status(e), text(e));
    }

    /** Chooses the status that OpenSSH's server sends: sshfs turns it into the error number that programs see. */
    private static SftpStatus status(Exception e) {
        if (e instanceof NoSuchFileException || e instanceof NotDirectoryException) {
            return SftpStatus.NO_SUCH_FILE;
        }
        return e instanceof AccessDeniedException ? SftpStatus.PERMISSION_DENIED : SftpStatus.FAILURE;
    }

    /** Never contains a path of this computer, which the exception's message may contain. */
    private static String text(Exception e) {
        if (e instanceof FileSystemException file) {
            return file.getReason() == null ? e.getClass().getSimpleName() : file.getReason();
        }
        return e instanceof IOException
                ? String.valueOf(e.getMessage())
                : e.getClass().getSimpleName();
    }

    SftpStatus status() {
        return status;
    }
}
