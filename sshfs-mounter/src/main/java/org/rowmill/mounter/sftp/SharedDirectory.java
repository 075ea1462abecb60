package org.rowmill.mounter.sftp;

import java.io.IOException;
import java.nio.file.FileStore;
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

/**
 * A directory that {@link SftpServer}s serve, and nothing but it. All servers of one directory must share one object of this class:
 * what one client changes about names never happens in the middle of what another client does. Thread-safe.
 *
 * <p>Each path is walked from the root through open directories, one name at a time, no link followed; so a program on
 * this computer that replaces a directory by a link at the wrong moment leads no client astray either. Java has no
 * such way for making directories and links: there such a program, which could as well do it itself, can make them
 * appear elsewhere, but no content is read or changed.
 */
public final class SharedDirectory {

    /** The broker's state, a name at the top of a project. */
    private static final Set<String> HIDDEN = Set.of(".rowmill");

    private final Path root;
    private final Object rootKey;
    private final Set<String> hidden;
    private final FileStore store;
    private final int uid;
    private final int gid;

    /** Fair: a client that reads names all the time must not keep the others from changing any. */
    private final ReadWriteLock lock = new ReentrantReadWriteLock(true);

    /** Java makes a file longer by writing its last byte, which must not hit what another client has just written there. */
    private final ReadWriteLock sizes = new ReentrantReadWriteLock();

    /**
     * Shares a project directory, all but {@code .rowmill}.
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
     * @param hidden names at its top that are not there for clients, in upper or lower case, and that they cannot make
     * @throws IOException if it cannot be opened
     */
    public SharedDirectory(Path root, Set<String> hidden) throws IOException {
        this.root = root.toRealPath();
        this.hidden = Set.copyOf(hidden);
        this.store = Files.getFileStore(this.root);
        this.uid = (Integer) Files.getAttribute(this.root, "unix:uid");
        this.gid = (Integer) Files.getAttribute(this.root, "unix:gid");
        try (Folder folder = Folder.ofPath(this.root)) {
            this.rootKey = key(folder.attributes());
        }
    }

    /** What tells a file from all others that exist at the time. */
    static Object key(BasicFileAttributes attributes) {
        return Objects.requireNonNull(attributes.fileKey());
    }

    /** For work that needs names to stay as they are. Reads and writes of open files do not need it. */
    Lock reading() {
        return lock.readLock();
    }

    /** For work that changes names. */
    Lock changing() {
        return lock.writeLock();
    }

    /** For each write of contents. */
    Lock writing() {
        return sizes.readLock();
    }

    /** For changes of a file's size. */
    Lock resizing() {
        return sizes.writeLock();
    }

    FileStore store() {
        return store;
    }

    /** The owner of the root, who is told to be the owner of everything. */
    int uid() {
        return uid;
    }

    int gid() {
        return gid;
    }

    /** Finds where something is; it need not exist, but what is above it does. */
    FolderEntry locate(SftpPath path) throws IOException {
        if (isHidden(path)) {
            throw new Refusal(SftpStatus.NO_SUCH_FILE, "no such file");
        }
        if (path.isRoot()) {
            throw new Refusal(SftpStatus.PERMISSION_DENIED, "this cannot be done to the shared directory itself");
        }
        return new FolderEntry(openFolder(path.parent()), path.name());
    }

    /** As {@link #locate}, for something that will be made there. */
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
            throw new FileSystemException(root.toString(), null, "the shared directory has been replaced");
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

    /** Whether a name at the top is kept from clients; file systems may take two spellings for one name. */
    boolean isHiddenAtTop(Path name) {
        return hidden.stream().anyMatch(name.toString()::equalsIgnoreCase);
    }

    private boolean isHidden(SftpPath path) {
        return !path.isRoot() && isHiddenAtTop(path.names().get(0));
    }

    /** For the few system calls that Java offers by path only; the result must be checked by a {@link FolderEntry}. */
    Path pathOf(SftpPath path) {
        Path result = root;
        for (Path name : path.names()) {
            result = result.resolve(name);
        }
        return result;
    }
}
