package org.rowmill.mounter.sftp;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.rowmill.mounter.sftp.OpenHandle.OpenFile;

/**
 * A client's request to open a file.
 *
 * @param path the file, which may not exist
 * @param flags of the protocol
 * @param attributes of the file if it is created
 */
record OpenRequest(SftpPath path, int flags, SftpAttributes attributes) {

    private static final int READ = 1;
    private static final int WRITE = 2;
    private static final int APPEND = 4;
    private static final int CREATE = 8;
    private static final int TRUNCATE = 16;
    private static final int EXCLUSIVE = 32;

    static OpenRequest read(SftpPacketReader in) throws Refusal {
        return new OpenRequest(SftpPath.of(in.readBytes()), in.readInt(), SftpAttributes.read(in));
    }

    OpenFile open(SharedDirectory shared, ChangeGuard guard) throws IOException {
        try (FolderEntry entry = has(CREATE) ? shared.locateNew(path) : shared.locate(path)) {
            if (writes() || has(CREATE)) {
                guard.checkChange(path);
            }
            Optional<PosixFileAttributes> old = entry.folder().find(entry.name());
            if (old.isPresent()) {
                requireRegular(old.get());
            }
            FileChannel channel = entry.folder().openFile(entry.name(), options(), attributesOfNewFile());
            try {
                return handle(entry, channel);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        }
    }

    /** Opening a FIFO or a device could block or have side effects. Links are followed by the node, never here. */
    private static void requireRegular(PosixFileAttributes file) throws Refusal {
        if (file.isSymbolicLink()) {
            throw new Refusal(SftpStatus.PERMISSION_DENIED, "a symbolic link is not followed");
        }
        if (!file.isRegularFile()) {
            throw new Refusal(SftpStatus.FAILURE, "not a regular file");
        }
    }

    private FileAttribute<?>[] attributesOfNewFile() {
        return has(CREATE) ? attributes.ofNewFile() : SftpAttributes.none();
    }

    private Set<OpenOption> options() {
        Set<OpenOption> options = new HashSet<>();
        options.add(LinkOption.NOFOLLOW_LINKS);
        if (has(CREATE)) {
            options.add(has(EXCLUSIVE) ? StandardOpenOption.CREATE_NEW : StandardOpenOption.CREATE);
        }
        if (append()) {
            options.add(StandardOpenOption.APPEND);
            return options;
        }
        if (reads()) {
            options.add(StandardOpenOption.READ);
        }
        // Unix creates files that are opened for reading only, Java does not.
        if (writes() || has(CREATE)) {
            options.add(StandardOpenOption.WRITE);
        }
        if (writes() && has(TRUNCATE)) {
            options.add(StandardOpenOption.TRUNCATE_EXISTING);
        }
        return options;
    }

    private OpenFile handle(FolderEntry entry, FileChannel channel) throws IOException {
        if (append() && has(TRUNCATE)) {
            channel.truncate(0);
        }
        PosixFileAttributes file = entry.attributes();
        FileChannel reading = append() ? null : channel;
        if (append() && reads()) {
            // Java cannot append and read with one channel.
            reading = entry.folder().openFile(entry.name(), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        }
        return new OpenFile(
                path,
                SharedDirectory.key(file),
                FileStatus.of(file),
                reads() ? reading : null,
                writes() ? channel : null,
                append());
    }

    private boolean has(int flag) {
        return (flags & flag) != 0;
    }

    private boolean append() {
        return has(APPEND);
    }

    private boolean writes() {
        return has(WRITE) || append();
    }

    private boolean reads() {
        return has(READ) || !writes();
    }
}
