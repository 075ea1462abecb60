package org.rowmill.mounter.sftp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.locks.Lock;

/** Answers requests about open files and directories. One thread uses it. */
final class FileRequests {

    private static final int DATA = 103;
    private static final int NAME = 104;
    private static final int ATTRS = 105;

    private static final int MAX_READ_BYTES = 256 << 10;

    /** No more directory entries are added to a reply of this length. The longest entry needs less than 1 KiB. */
    private static final int ENTRIES_BYTES = 60 << 10;

    private static final byte[] SELF = {'.'};
    private static final byte[] PARENT = {'.', '.'};

    private final SharedDirectory shared;
    private final SftpPacketReader request;
    private final SftpReply reply;
    private final SftpHandles handles;
    private final Traffic traffic;
    private final ChangeGuard guard;

    FileRequests(
            SharedDirectory shared,
            SftpPacketReader request,
            SftpReply reply,
            SftpHandles handles,
            Traffic traffic,
            ChangeGuard guard) {
        this.shared = shared;
        this.request = request;
        this.reply = reply;
        this.handles = handles;
        this.traffic = traffic;
        this.guard = guard;
    }

    void close(int id) throws IOException {
        handles.close(request.readBytes());
        reply.ok(id);
    }

    void read(int id) throws IOException {
        FileChannel file = handles.getFile(request.readBytes()).reading();
        long offset = requireOffset(request.readLong());
        int length = request.readInt();
        if (length < 0) {
            throw new Refusal(SftpStatus.BAD_MESSAGE, "a length of less than 2^31 bytes was expected");
        }
        int count = reply.begin(DATA, id).putData(file, offset, Math.min(length, MAX_READ_BYTES));
        if (count == 0 && length > 0) {
            reply.status(id, SftpStatus.EOF, "");
            return;
        }
        traffic.countRead(count);
        reply.end();
    }

    void write(int id) throws IOException {
        FileChannel file = handles.getFile(request.readBytes()).writing();
        long offset = requireOffset(request.readLong());
        ByteBuffer data = request.readData();
        int count = data.remaining();
        Lock lock = shared.writing();
        lock.lock();
        try {
            while (data.hasRemaining()) {
                offset += file.write(data, offset);
            }
        } finally {
            lock.unlock();
        }
        traffic.countWritten(count);
        reply.ok(id);
    }

    private static long requireOffset(long offset) throws Refusal {
        if (offset < 0 || offset > Long.MAX_VALUE - SftpPacketReader.MAX_PACKET_BYTES) {
            throw new Refusal(SftpStatus.BAD_MESSAGE, "an offset of less than 2^63 bytes was expected");
        }
        return offset;
    }

    void fsync(int id) throws IOException {
        OpenHandle.OpenFile file = handles.getFile(request.readBytes());
        // Any handle of a file forces what all of its handles have written.
        file.any().force(true);
        reply.ok(id);
    }

    void fstat(int id) throws IOException {
        OpenHandle handle = handles.get(request.readBytes());
        FileStatus status;
        if (handle instanceof OpenHandle.OpenDirectory directory) {
            status = FileStatus.of(directory.folder().attributes());
        } else {
            OpenHandle.OpenFile file = (OpenHandle.OpenFile) handle;
            Optional<PosixFileAttributes> attributes = find(file);
            attributes.ifPresent(a -> file.setLastStatus(FileStatus.of(a)));
            status = file.lastStatus();
        }
        SftpAttributes.write(status, shared, reply.begin(ATTRS, id));
        reply.end();
    }

    /** Looks the file up by its path, because Java can ask an open file for its size only. */
    private Optional<PosixFileAttributes> find(OpenHandle.OpenFile file) {
        try {
            PosixFileAttributes attributes = shared.attributes(file.path());
            return SharedDirectory.key(attributes).equals(file.key()) ? Optional.of(attributes) : Optional.empty();
        } catch (IOException e) {
            // Removed, or moved by somebody else: only the last known attributes are available.
            return Optional.empty();
        }
    }

    void fsetstat(int id) throws IOException {
        OpenHandle handle = handles.get(request.readBytes());
        SftpAttributes wanted = SftpAttributes.read(request);
        if (handle instanceof OpenHandle.OpenFile file && wanted.size().isPresent() && !file.append()) {
            AttributeChange.resize(file.writing(), wanted.size().getAsLong(), shared);
            wanted = wanted.withoutSize();
        }
        if (!wanted.isEmpty()) {
            try (FolderEntry entry = shared.locate(handle.path())) {
                if (handle instanceof OpenHandle.OpenFile file
                        && !SharedDirectory.key(entry.attributes()).equals(file.key())) {
                    throw new Refusal(SftpStatus.NO_SUCH_FILE, "the file was moved or removed");
                }
                guard.checkAttributes(handle.path());
                AttributeChange.apply(wanted, entry, shared);
            }
        }
        reply.ok(id);
    }

    void readdir(int id) throws IOException {
        OpenHandle.OpenDirectory directory = handles.getDirectory(request.readBytes());
        int at = reply.begin(NAME, id).position();
        reply.putInt(0);
        int count = 0;
        if (directory.begin()) {
            // The client must not see the parent of the root. For all directories, the parent's entry shows the
            // directory itself.
            FileStatus self = FileStatus.of(directory.folder().attributes());
            putEntry(SELF, self);
            putEntry(PARENT, self);
            count = 2;
        }
        Iterator<Path> entries = directory.entries();
        while (reply.length() < ENTRIES_BYTES && entries.hasNext()) {
            count += putEntry(directory, entries.next().getFileName());
        }
        if (count == 0) {
            reply.status(id, SftpStatus.EOF, "");
            return;
        }
        reply.setInt(at, count);
        reply.end();
    }

    private int putEntry(OpenHandle.OpenDirectory directory, Path name) throws IOException {
        if (directory.path().isRoot() && shared.isHiddenAtTop(name)) {
            return 0;
        }
        Optional<PosixFileAttributes> attributes = directory.folder().find(name);
        if (attributes.isEmpty()) {
            // The entry was removed after it was listed.
            return 0;
        }
        putEntry(ByteNames.toBytes(name), FileStatus.of(attributes.get()));
        return 1;
    }

    private void putEntry(byte[] name, FileStatus status) {
        // The second name is a text for people. sshfs does not use it.
        reply.putBytes(name).putBytes(name);
        SftpAttributes.write(status, shared, reply);
    }
}
