package org.rowmill.mounter.sftp;

import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The status of a file, as clients see it.
 *
 * @param size in bytes
 * @param mode type and permissions, in the bits of Unix
 * @param accessed time of last access, in seconds since 1970
 * @param modified time of last modification, in seconds since 1970
 */
record FileStatus(long size, int mode, int accessed, int modified) {

    private static final int DIRECTORY = 0040000;
    private static final int REGULAR = 0100000;
    private static final int LINK = 0120000;
    /** Also used for FIFOs and devices: an attempt to open a socket fails on the node at once. */
    private static final int SOCKET = 0140000;

    /** Permissions by their bit in a mode, lowest bit first. */
    private static final List<PosixFilePermission> PERMISSIONS = List.of(
            PosixFilePermission.OTHERS_EXECUTE,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.OWNER_EXECUTE,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.OWNER_READ);

    static FileStatus of(PosixFileAttributes file) {
        return new FileStatus(
                file.size(),
                type(file) | mode(file.permissions()),
                seconds(file.lastAccessTime()),
                seconds(file.lastModifiedTime()));
    }

    private static int type(PosixFileAttributes file) {
        if (file.isRegularFile()) {
            return REGULAR;
        }
        if (file.isDirectory()) {
            return DIRECTORY;
        }
        return file.isSymbolicLink() ? LINK : SOCKET;
    }

    private static int mode(Set<PosixFilePermission> permissions) {
        int mode = 0;
        for (int bit = 0; bit < PERMISSIONS.size(); bit++) {
            if (permissions.contains(PERMISSIONS.get(bit))) {
                mode |= 1 << bit;
            }
        }
        return mode;
    }

    /**
     * Returns the nine permissions of a mode. Ignores bits such as set-user-id: a node must not set them on this
     * computer.
     */
    static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int bit = 0; bit < PERMISSIONS.size(); bit++) {
            if ((mode & (1 << bit)) != 0) {
                permissions.add(PERMISSIONS.get(bit));
            }
        }
        return permissions;
    }

    /** Limits a time to the range of the protocol: 32 bits without sign. */
    private static int seconds(FileTime time) {
        return (int) Math.max(0, Math.min(0xffffffffL, time.to(TimeUnit.SECONDS)));
    }

    FileStatus withSize(long newSize) {
        return new FileStatus(newSize, mode, accessed, modified);
    }
}
