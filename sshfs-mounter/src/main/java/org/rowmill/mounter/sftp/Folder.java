package org.rowmill.mounter.sftp;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;

/**
 * An open directory. Its entries are accessed relative to it (openat and similar system calls), so that it stays the
 * same directory if somebody renames it or replaces it by a link. No method follows a link. All names are single names,
 * without slashes.
 */
final class Folder implements Closeable {

    private final SecureDirectoryStream<Path> stream;

    private Folder(SecureDirectoryStream<Path> stream) {
        this.stream = stream;
    }

    /** Opens a directory by its path, which must be trusted: links in it are followed. */
    static Folder ofPath(Path directory) throws IOException {
        @SuppressWarnings("StreamResourceLeak") // the folder closes it
        DirectoryStream<Path> stream = Files.newDirectoryStream(directory);
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return new Folder(secure);
        }
        stream.close();
        throw new FileSystemException(
                directory.toString(), null, "this Java cannot open files relative to a directory on this system");
    }

    Folder open(Path name) throws IOException {
        // Check first: opening a FIFO would block until its other end is open.
        if (!attributes(name).isDirectory()) {
            throw new Refusal(SftpStatus.NO_SUCH_FILE, "not a directory");
        }
        return new Folder(stream.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS));
    }

    /** Returns the attributes of this directory. */
    PosixFileAttributes attributes() throws IOException {
        return stream.getFileAttributeView(PosixFileAttributeView.class).readAttributes();
    }

    PosixFileAttributes attributes(Path name) throws IOException {
        return view(name).readAttributes();
    }

    Optional<PosixFileAttributes> find(Path name) throws IOException {
        try {
            return Optional.of(attributes(name));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private PosixFileAttributeView view(Path name) {
        return stream.getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }

    /** Opens or creates a file. The options must contain NOFOLLOW_LINKS. */
    FileChannel openFile(Path name, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        return (FileChannel) stream.newByteChannel(name, options, attributes);
    }

    void setPermissions(Path name, Set<PosixFilePermission> permissions) throws IOException {
        view(name).setPermissions(permissions);
    }

    void setTimes(Path name, FileTime modified, FileTime accessed) throws IOException {
        view(name).setTimes(modified, accessed, null);
    }

    void deleteFile(Path name) throws IOException {
        stream.deleteFile(name);
    }

    void deleteDirectory(Path name) throws IOException {
        stream.deleteDirectory(name);
    }

    /** Renames an entry, and replaces an existing one of the new name. */
    void move(Path name, Folder to, Path newName) throws IOException {
        stream.move(name, to.stream, newName);
    }

    /** Returns paths that end with the names of the entries. To be called once. */
    Iterator<Path> entries() {
        return stream.iterator();
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
