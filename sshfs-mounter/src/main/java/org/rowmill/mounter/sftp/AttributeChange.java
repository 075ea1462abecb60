package org.rowmill.mounter.sftp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Set;
import java.util.concurrent.locks.Lock;

/** Changes the attributes of a file as a client requests. */
final class AttributeChange {

    private AttributeChange() {}

    static void apply(SftpAttributes wanted, FolderEntry entry, SharedDirectory shared) throws IOException {
        PosixFileAttributes file = entry.attributes();
        if (file.isOther()) {
            throw new Refusal(SftpStatus.PERMISSION_DENIED, "not a regular file, directory or link");
        }
        if (wanted.owner().isPresent()) {
            requireSelf(wanted.owner().get(), shared);
        }
        if (wanted.size().isPresent()) {
            requireRegular(file);
            resize(entry, wanted.size().getAsLong(), shared);
        }
        if (file.isSymbolicLink()) {
            // A link has no permissions or times that matter. Programs that copy files expect no error here.
            return;
        }
        if (wanted.permissions().isPresent()) {
            entry.folder().setPermissions(entry.name(), wanted.permissions().get());
        }
        if (wanted.times().isPresent()) {
            SftpAttributes.Times times = wanted.times().get();
            entry.folder().setTimes(entry.name(), times.modified(), times.accessed());
        }
    }

    /** All files belong to the user who runs the head. A change to that user needs no action. */
    private static void requireSelf(SftpAttributes.Owner owner, SharedDirectory shared) throws Refusal {
        if (owner.uid() != shared.uid() || owner.gid() != shared.gid()) {
            throw new Refusal(SftpStatus.PERMISSION_DENIED, "files cannot be given to another user or group");
        }
    }

    private static void requireRegular(PosixFileAttributes file) throws Refusal {
        if (!file.isRegularFile()) {
            throw new Refusal(SftpStatus.FAILURE, "not a regular file");
        }
    }

    private static void resize(FolderEntry entry, long size, SharedDirectory shared) throws IOException {
        try (FileChannel channel =
                entry.folder().openFile(entry.name(), Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS))) {
            resize(channel, size, shared);
        }
    }

    /** Changes the size. Not for an appending channel: Java can extend a file only by writing its new last byte. */
    static void resize(FileChannel channel, long size, SharedDirectory shared) throws IOException {
        Lock lock = shared.resizing();
        lock.lock();
        try {
            if (channel.size() > size) {
                channel.truncate(size);
            } else if (channel.size() < size) {
                channel.write(ByteBuffer.allocate(1), size - 1);
            }
        } finally {
            lock.unlock();
        }
    }
}
