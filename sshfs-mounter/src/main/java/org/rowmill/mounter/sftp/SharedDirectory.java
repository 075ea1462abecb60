package org.rowmill.mounter.sftp;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Collectors;

/**
 * A directory that {@link SftpServer}s serve, and nothing outside of it. All servers of one directory must share one
 * object of this class: its lock keeps one client from changing names during a request of another. Thread-safe.
 *
 * <p>Each path is followed from the root through open directories, one name at a time, without following links. So no
 * client leaves the directory if a program on this computer replaces a directory by a link at the wrong moment. Java
 * cannot make directories and links in this way: such a program can redirect where they appear, which it could also do
 * without Rowmill. It cannot make a client read or change the content of a file elsewhere.
 */
public final class SharedDirectory {

    /** Names at the top of a project that clients do not see: the broker's state. */
    private static final Set<String> HIDDEN = Set.of(".rowmill");

    private final Path root;
    private final Object rootKey;
    private final Set<String> hidden;
    private final ReadOnlyPaths readOnly;
    private final int uid;
    private final int gid;

    /** Fair: a client that reads names all the time must not prevent other clients from changing names. */
    private final ReadWriteLock lock = new ReentrantReadWriteLock(true);

    /**
     * Java extends a file by writing its last byte, which must not overwrite what another client has just written
     * there.
     */
    private final ReadWriteLock sizes = new ReentrantReadWriteLock();

    /**
     * Shares a project directory, except {@code .rowmill}.
     *
     * @param root an existing directory
     * @throws IOException if it cannot be opened
     */
    public SharedDirectory(Path root) throws IOException {
        this(root, HIDDEN);
    }

    /**
     * Shares a directory.
     *
     * @param root an existing directory
     * @param hidden names at its top, in upper or lower case, that clients do not see and cannot make
     * @throws IOException if it cannot be opened
     */
    public SharedDirectory(Path root, Set<String> hidden) throws IOException {
        this(root, hidden, ReadOnlyPaths.none());
    }

    /**
     * Shares a directory whose clients may not change everything.
     *
     * @param root an existing directory
     * @param hidden names at its top, in upper or lower case, that clients do not see and cannot make
     * @param readOnly paths that clients can read but not change
     * @throws IOException if it cannot be opened
     */
    public SharedDirectory(Path root, Set<String> hidden, ReadOnlyPaths readOnly) throws IOException {
        this.root = root.toRealPath();
        this.hidden = hidden.stream().map(Path::of).map(ReadOnlyPaths::fold).collect(Collectors.toUnmodifiableSet());
        this.readOnly = readOnly;
        this.uid = (Integer) Files.getAttribute(this.root, "unix:uid");
        this.gid = (Integer) Files.getAttribute(this.root, "unix:gid");
        try (Folder folder = Folder.ofPath(this.root)) {
            this.rootKey = key(folder.attributes());
        }
    }

    /** Returns a key that differs from the keys of all other files that exist at the time. */
    static Object key(BasicFileAttributes attributes) {
        return Objects.requireNonNull(attributes.fileKey());
    }

    /**
     * Returns the lock for requests that need names to stay unchanged. Reads and writes of open files do not need it.
     */
    Lock reading() {
        return lock.readLock();
    }

    /** Returns the lock for requests that change names. */
    Lock changing() {
        return lock.writeLock();
    }

    /** Returns the lock for writes to files. */
    Lock writing() {
        return sizes.readLock();
    }

    /** Returns the lock for changes of a file's size. */
    Lock resizing() {
        return sizes.writeLock();
    }

    ReadOnlyPaths readOnly() {
        return readOnly;
    }

    LinkResolver links() {
        return new LinkResolver(root);
    }

    /** Returns the root, for the size of its file system. A file store would need an entry in the list of mounts. */
    File disk() {
        return root.toFile();
    }

    /** Returns the owner of the root. Clients see this user as the owner of all files. */
    int uid() {
        return uid;
    }

    int gid() {
        return gid;
    }

    /** Finds the entry of a path. The directory of the entry must exist; the entry itself need not. */
    FolderEntry locate(SftpPath path) throws IOException {
        if (isHidden(path)) {
            throw new Refusal(SftpStatus.NO_SUCH_FILE, "no such file");
        }
        if (path.isRoot()) {
            throw new Refusal(SftpStatus.PERMISSION_DENIED, "the shared directory itself cannot be changed");
        }
        return new FolderEntry(openFolder(path.parent()), path.name());
    }

    /** Finds an entry like {@link #locate}, to make something there. */
    FolderEntry locateNew(SftpPath path) throws IOException {
        if (isHidden(path) && path.names().size() == 1) {
            throw new Refusal(SftpStatus.PERMISSION_DENIED, "this name is reserved");
        }
        return locate(path);
    }

    Folder openFolder(SftpPath path) throws IOException {
        if (isHidden(path)) {
            throw new Refusal(SftpStatus.NO_SUCH_FILE, "no such file");
        }
        Folder folder = openRoot();
        try {
            for (Path name : path.names()) {
                Folder next = folder.open(name);
                folder.close();
                folder = next;
            }
            return folder;
        } catch (IOException | RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    private Folder openRoot() throws IOException {
        Folder folder = Folder.ofPath(root);
        if (!key(folder.attributes()).equals(rootKey)) {
            folder.close();
            throw new FileSystemException(root.toString(), null, "the shared directory was replaced");
        }
        return folder;
    }

    PosixFileAttributes attributes(SftpPath path) throws IOException {
        if (path.isRoot()) {
            try (Folder folder = openRoot()) {
                return folder.attributes();
            }
        }
        try (FolderEntry entry = locate(path)) {
            return entry.attributes();
        }
    }

    /** Returns whether a name at the top is hidden. Ignores case, because some file systems do. */
    boolean isHiddenAtTop(Path name) {
        return hidden.contains(ReadOnlyPaths.fold(name));
    }

    private boolean isHidden(SftpPath path) {
        return !path.isRoot() && isHiddenAtTop(path.names().get(0));
    }

    /**
     * Returns a path for the few calls that Java offers by path only. Check the result of such a call by a
     * {@link FolderEntry}.
     */
    Path pathOf(SftpPath path) {
        Path result = root;
        for (Path name : path.names()) {
            result = result.resolve(name);
        }
        return result;
    }
}
