package org.rowmill.mounter.sftp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The requests of SFTP version 3, and the supported extensions. */
enum SftpRequest {
    INIT(1, Access.OPEN_FILES),
    OPEN(3, Access.READS_NAMES),
    CLOSE(4, Access.OPEN_FILES),
    READ(5, Access.OPEN_FILES),
    WRITE(6, Access.OPEN_FILES),
    LSTAT(7, Access.READS_NAMES),
    FSTAT(8, Access.READS_NAMES),
    SETSTAT(9, Access.READS_NAMES),
    FSETSTAT(10, Access.READS_NAMES),
    OPENDIR(11, Access.READS_NAMES),
    READDIR(12, Access.OPEN_FILES),
    REMOVE(13, Access.CHANGES_NAMES),
    MKDIR(14, Access.CHANGES_NAMES),
    RMDIR(15, Access.CHANGES_NAMES),
    REALPATH(16, Access.READS_NAMES),
    STAT(17, Access.READS_NAMES),
    RENAME(18, Access.CHANGES_NAMES),
    READLINK(19, Access.READS_NAMES),
    SYMLINK(20, Access.CHANGES_NAMES),
    EXTENDED(200, Access.OPEN_FILES),
    POSIX_RENAME("posix-rename@openssh.com", Access.CHANGES_NAMES),
    HARDLINK("hardlink@openssh.com", Access.CHANGES_NAMES),
    STATVFS("statvfs@openssh.com", Access.READS_NAMES),
    FSYNC("fsync@openssh.com", Access.OPEN_FILES);

    /** How a request uses the lock that all clients of a directory share. */
    enum Access {
        /** Without the lock: it uses open files, and neither waits for other clients nor blocks them. */
        OPEN_FILES,
        /** With the read lock. */
        READS_NAMES,
        /** With the write lock. */
        CHANGES_NAMES
    }

    private static final int NO_TYPE = -1;

    private final int type;
    private final String extension;
    private final Access access;

    SftpRequest(int type, Access access) {
        this.type = type;
        this.extension = "";
        this.access = access;
    }

    SftpRequest(String extension, Access access) {
        this.type = NO_TYPE;
        this.extension = extension;
        this.access = access;
    }

    int type() {
        return type;
    }

    Access access() {
        return access;
    }

    static SftpRequest of(int type) throws Refusal {
        return Arrays.stream(values())
                .filter(request -> request.type == type)
                .findFirst()
                .orElseThrow(SftpRequest::unsupported);
    }

    static SftpRequest ofExtension(byte[] name) throws Refusal {
        String text = new String(name, StandardCharsets.US_ASCII);
        return Arrays.stream(values())
                .filter(request -> !text.isEmpty() && request.extension.equals(text))
                .findFirst()
                .orElseThrow(SftpRequest::unsupported);
    }

    static Refusal unsupported() {
        return new Refusal(SftpStatus.OP_UNSUPPORTED, "this request is not supported");
    }
}
