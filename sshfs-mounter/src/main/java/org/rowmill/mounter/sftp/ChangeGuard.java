package org.rowmill.mounter.sftp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Refuses the changes that one client may not make, because of the {@link ReadOnlyPaths} of the shared directory, and
 * reports them. Warns of links that lead outside: programs on the head follow them. The caller holds the lock of the
 * shared directory. One thread uses it.
 */
final class ChangeGuard {

    private final SharedDirectory shared;
    private final ReadOnlyPaths readOnly;
    private final ClientNotices notices;

    ChangeGuard(SharedDirectory shared, ClientNotices notices) {
        this.shared = shared;
        this.readOnly = shared.readOnly();
        this.notices = notices;
    }

    /** Checks whether the client may make, write or remove an entry. */
    void checkChange(SftpPath path) throws Refusal {
        if (readOnly.contains(path)) {
            throw refusal(path);
        }
    }

    /** Checks whether the client may change the attributes of an entry. */
    void checkAttributes(SftpPath path) throws Refusal {
        if (readOnly.contains(path) || readOnly.areBelow(path)) {
            throw refusal(path);
        }
    }

    /** Checks whether the client may give a file a second name. */
    void checkHardLink(SftpPath from, SftpPath to) throws Refusal {
        checkAttributes(from);
        checkAttributes(to);
    }

    /** Checks whether the client may make a symbolic link. */
    void checkSymbolicLink(SftpPath link, byte[] target) throws Refusal {
        checkAttributes(link);
        checkTarget(link, target);
    }

    /** Checks whether the client may rename an entry; with a directory, everything below it. */
    void checkMove(FolderEntry source, SftpPath from, SftpPath to) throws IOException {
        checkAttributes(from);
        checkAttributes(to);
        PosixFileAttributes moved = source.attributes();
        if (moved.isSymbolicLink()) {
            checkTarget(to, target(from));
        } else if (moved.isDirectory()) {
            checkTree(from, to);
        }
    }

    private void checkTree(SftpPath from, SftpPath to) throws IOException {
        Deque<SftpPath> left = new ArrayDeque<>(List.of(from));
        while (!left.isEmpty()) {
            SftpPath directory = left.pop();
            try (Folder folder = shared.openFolder(directory)) {
                Iterator<Path> entries = folder.entries();
                while (entries.hasNext()) {
                    Path name = entries.next().getFileName();
                    SftpPath old = directory.resolve(name);
                    Optional<PosixFileAttributes> found = folder.find(name);
                    if (found.isPresent() && checkMoved(old, old.moved(from, to), found.get())) {
                        left.push(old);
                    }
                }
            }
        }
    }

    /** Checks an entry below a renamed directory. Returns whether it is a directory. */
    private boolean checkMoved(SftpPath old, SftpPath renamed, PosixFileAttributes file) throws IOException {
        checkChange(old);
        checkChange(renamed);
        if (file.isSymbolicLink()) {
            checkTarget(renamed, target(old));
        }
        return file.isDirectory();
    }

    private byte[] target(SftpPath link) throws IOException {
        return ByteNames.toBytes(Files.readSymbolicLink(shared.pathOf(link)));
    }

    /**
     * Refuses a link to a read-only path: a program on the head that follows the link could change it. Warns of a link
     * that leads outside. A ".." behind a name counts as such a link, because the name may become a link later.
     */
    private void checkTarget(SftpPath link, byte[] target) throws Refusal {
        Path path = ByteNames.toPath(target);
        Path last = path.getFileName();
        if (last != null && readOnly.isSourceName(last)) { // a name before it may become a link later
            throw refusal(link);
        }
        Optional<List<Path>> end =
                shared.links().follow(link.parent().names(), path).end();
        if (end.isPresent()) {
            SftpPath inside = new SftpPath(end.get());
            if (readOnly.contains(inside) || readOnly.areBelow(inside)) {
                throw refusal(inside);
            }
        }
        if (end.isEmpty() || climbsBehindName(path)) {
            notices.linkLeadsOutside(link.toText(), new String(target, StandardCharsets.UTF_8));
        }
    }

    private static boolean climbsBehindName(Path path) {
        boolean isBehindName = false;
        for (Path name : path) {
            boolean isParent = name.toString().equals("..");
            if (isParent && isBehindName) {
                return true;
            }
            isBehindName |= !isParent && !name.toString().equals(".");
        }
        return false;
    }

    private Refusal refusal(SftpPath path) {
        notices.changeRefused(path.toText());
        return new Refusal(SftpStatus.PERMISSION_DENIED, "read-only for nodes");
    }
}
