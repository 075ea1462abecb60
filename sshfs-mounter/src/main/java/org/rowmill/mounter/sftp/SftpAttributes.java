package org.rowmill.mounter.sftp;

import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The attributes that a client requests for a file. Each is optional.
 *
 * @param size in bytes, 0 or more
 * @param owner numbers of user and group
 * @param permissions without set-user-id and similar bits
 * @param times of last access and modification
 */
record SftpAttributes(
        OptionalLong size,
        Optional<Owner> owner,
        Optional<Set<PosixFilePermission>> permissions,
        Optional<Times> times) {

    private static final int SIZE = 1;
    private static final int OWNER = 2;
    private static final int PERMISSIONS = 4;
    private static final int TIMES = 8;

    /** Numbers of user and group. */
    record Owner(int uid, int gid) {}

    /** Times with a resolution of one second. */
    record Times(FileTime accessed, FileTime modified) {}

    static SftpAttributes read(SftpPacketReader in) throws Refusal {
        int flags = in.readInt();
        OptionalLong size = (flags & SIZE) != 0 ? OptionalLong.of(in.readLong()) : OptionalLong.empty();
        if (size.orElse(0) < 0) {
            throw new Refusal(SftpStatus.BAD_MESSAGE, "a size of less than 2^63 bytes was expected");
        }
        return new SftpAttributes(
                size,
                (flags & OWNER) != 0 ? Optional.of(new Owner(in.readInt(), in.readInt())) : Optional.empty(),
                (flags & PERMISSIONS) != 0 ? Optional.of(FileStatus.permissions(in.readInt())) : Optional.empty(),
                (flags & TIMES) != 0 ? Optional.of(new Times(readTime(in), readTime(in))) : Optional.empty());
    }

    private static FileTime readTime(SftpPacketReader in) throws Refusal {
        return FileTime.from(in.readInt() & 0xffffffffL, TimeUnit.SECONDS);
    }

    boolean isEmpty() {
        return size.isEmpty() && owner.isEmpty() && permissions.isEmpty() && times.isEmpty();
    }

    SftpAttributes withoutSize() {
        return new SftpAttributes(OptionalLong.empty(), owner, permissions, times);
    }

    /** Returns the permissions for a new file or directory. The umask of this process applies to them. */
    FileAttribute<?>[] ofNewFile() {
        return permissions
                .map(p -> new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(p)})
                .orElseGet(SftpAttributes::none);
    }

    static FileAttribute<?>[] none() {
        return new FileAttribute<?>[0];
    }

    static void write(FileStatus status, SharedDirectory shared, SftpReply out) {
        out.putInt(SIZE | OWNER | PERMISSIONS | TIMES)
                .putLong(status.size())
                .putInt(shared.uid())
                .putInt(shared.gid())
                .putInt(status.mode())
                .putInt(status.accessed())
                .putInt(status.modified());
    }
}
