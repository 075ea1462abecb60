package org.rowmill.mounter.sftp;

import java.io.File;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Optional;

/** Answers requests about names. The caller holds the lock of the shared directory. One thread uses it. */
final class NameRequests {

    private static final int ATTRS = 105;
    private static final int EXTENDED_REPLY = 201;

    /** Number of free inodes that is reported, because Java cannot ask for the real one. */
    private static final long REPORTED_INODES = 1L << 30;

    private static final long REPORTED_BLOCK = 4096;

    private static final int MAX_NAME_BYTES = 255;
    private static final int MAX_TARGET_BYTES = 4095;

    private final SharedDirectory shared;
    private final SftpPacketReader request;
    private final SftpReply reply;
    private final SftpHandles handles;
    private final ChangeGuard guard;

    NameRequests(
            SharedDirectory shared, SftpPacketReader request, SftpReply reply, SftpHandles handles, ChangeGuard guard) {
        this.shared = shared;
        this.request = request;
        this.reply = reply;
        this.handles = handles;
        this.guard = guard;
    }

    void open(int id) throws IOException {
        OpenRequest wanted = OpenRequest.read(request);
        handles.requireRoom();
        reply.handle(id, handles.add(wanted.open(shared, guard)));
    }

    void opendir(int id) throws IOException {
        SftpPath path = readPath();
        handles.requireRoom();
        reply.handle(id, handles.add(new OpenHandle.OpenDirectory(path, shared.openFolder(path))));
    }

    void lstat(int id) throws IOException {
        attributes(id, shared.attributes(readPath()));
    }

    void stat(int id) throws IOException {
        PosixFileAttributes file = shared.attributes(readPath());
        if (file.isSymbolicLink()) {
            throw new Refusal(SftpStatus.NO_SUCH_FILE, "a symbolic link is not followed");
        }
        attributes(id, file);
    }

    private void attributes(int id, PosixFileAttributes file) {
        SftpAttributes.write(FileStatus.of(file), shared, reply.begin(ATTRS, id));
        reply.end();
    }

    void setstat(int id) throws IOException {
        SftpPath path = readPath();
        try (FolderEntry entry = shared.locate(path)) {
            guard.checkAttributes(path);
            AttributeChange.apply(SftpAttributes.read(request), entry, shared);
        }
        reply.ok(id);
    }

    void remove(int id) throws IOException {
        SftpPath path = readPath();
        try (FolderEntry entry = shared.locate(path)) {
            guard.checkChange(path);
            entry.folder().deleteFile(entry.name());
        }
        reply.ok(id);
    }

    void rmdir(int id) throws IOException {
        SftpPath path = readPath();
        try (FolderEntry entry = shared.locate(path)) {
            guard.checkChange(path);
            entry.folder().deleteDirectory(entry.name());
        }
        reply.ok(id);
    }

    void mkdir(int id) throws IOException {
        SftpPath path = readPath();
        SftpAttributes wanted = SftpAttributes.read(request);
        try (FolderEntry entry = shared.locateNew(path)) {
            guard.checkChange(path);
            Files.createDirectory(shared.pathOf(path), wanted.ofNewFile());
            requireMade(entry.folder().find(entry.name()).filter(PosixFileAttributes::isDirectory));
        }
        reply.ok(id);
    }

    void realpath(int id) throws IOException {
        reply.name(id, readPath().toBytes());
    }

    void readlink(int id) throws IOException {
        SftpPath path = readPath();
        byte[] target;
        try (FolderEntry entry = shared.locate(path)) {
            PosixFileAttributes link = entry.attributes();
            if (!link.isSymbolicLink()) {
                throw new Refusal(SftpStatus.FAILURE, "not a symbolic link");
            }
            target = ByteNames.toBytes(Files.readSymbolicLink(shared.pathOf(path)));
            PosixFileAttributes again = shared.attributes(path);
            requireMade(Optional.of(again).filter(a -> sameFile(a, link)));
        }
        reply.name(id, target);
    }

    void symlink(int id) throws IOException {
        // The order of OpenSSH and sshfs. The standard has the opposite order.
        byte[] target = request.readBytes();
        SftpPath path = readPath();
        if (target.length > MAX_TARGET_BYTES) {
            throw new Refusal(
                    SftpStatus.BAD_MESSAGE, "a target of at most " + MAX_TARGET_BYTES + " bytes was expected");
        }
        try (FolderEntry entry = shared.locateNew(path)) {
            guard.checkSymbolicLink(path, target);
            SymbolicLinks.create(entry, shared.pathOf(path), target);
            requireMade(entry.folder().find(entry.name()).filter(PosixFileAttributes::isSymbolicLink));
        }
        reply.ok(id);
    }

    void rename(int id) throws IOException {
        move(id, false);
    }

    void posixRename(int id) throws IOException {
        move(id, true);
    }

    private void move(int id, boolean replaces) throws IOException {
        SftpPath from = readPath();
        SftpPath to = readPath();
        try (FolderEntry source = shared.locate(from);
                FolderEntry target = shared.locateNew(to)) {
            if (!replaces && target.folder().find(target.name()).isPresent()) {
                throw new FileAlreadyExistsException("");
            }
            guard.checkMove(source, from, to);
            rename(source, target);
        }
        handles.moved(from, to);
        reply.ok(id);
    }

    /**
     * Tells a move to another file system from other faults. With {@code workaround=renamexdev}, sshfs turns the status
     * FAILURE into the error EXDEV, upon which programs copy the file, as they do on this computer. So no other fault of
     * a rename may have this status: nobody must copy a directory over one that is not empty.
     */
    private static void rename(FolderEntry source, FolderEntry target) throws IOException {
        try {
            source.folder().move(source.name(), target.folder(), target.name());
        } catch (AtomicMoveNotSupportedException e) {
            throw new Refusal(SftpStatus.FAILURE, "the new name is on another file system");
        } catch (FileSystemException e) {
            Refusal refusal = Refusal.of(e);
            throw refusal.status() == SftpStatus.FAILURE
                    ? new Refusal(SftpStatus.PERMISSION_DENIED, String.valueOf(refusal.getMessage()))
                    : refusal;
        }
    }

    void hardlink(int id) throws IOException {
        SftpPath from = readPath();
        SftpPath to = readPath();
        try (FolderEntry source = shared.locate(from);
                FolderEntry target = shared.locateNew(to)) {
            PosixFileAttributes file = source.attributes();
            if (!file.isRegularFile()) {
                throw new Refusal(SftpStatus.PERMISSION_DENIED, "only a regular file can have a second name");
            }
            guard.checkHardLink(from, to);
            Files.createLink(shared.pathOf(to), shared.pathOf(from));
            Optional<PosixFileAttributes> made = target.folder().find(target.name());
            if (made.isPresent() && !sameFile(made.get(), file)) {
                // Somebody replaced the file meanwhile. No client can have opened the new link: all of them wait for
                // the lock.
                target.folder().deleteFile(target.name());
            }
            requireMade(made.filter(m -> sameFile(m, file)));
        }
        reply.ok(id);
    }

    private static boolean sameFile(PosixFileAttributes a, PosixFileAttributes b) {
        return SharedDirectory.key(a).equals(SharedDirectory.key(b));
    }

    private static void requireMade(Optional<PosixFileAttributes> made) throws Refusal {
        if (made.isEmpty()) {
            throw new Refusal(SftpStatus.FAILURE, "the path was changed during the request");
        }
    }

    void statvfs(int id) throws IOException {
        shared.attributes(readPath());
        File disk = shared.disk();
        reply.begin(EXTENDED_REPLY, id).putLong(REPORTED_BLOCK).putLong(REPORTED_BLOCK);
        reply.putLong(disk.getTotalSpace() / REPORTED_BLOCK)
                .putLong(disk.getFreeSpace() / REPORTED_BLOCK)
                .putLong(disk.getUsableSpace() / REPORTED_BLOCK);
        reply.putLong(REPORTED_INODES).putLong(REPORTED_INODES).putLong(REPORTED_INODES);
        reply.putLong(0).putLong(disk.canWrite() ? 0 : 1).putLong(MAX_NAME_BYTES);
        reply.end();
    }

    private SftpPath readPath() throws Refusal {
        return SftpPath.of(request.readBytes());
    }
}
