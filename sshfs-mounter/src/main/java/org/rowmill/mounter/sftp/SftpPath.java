package org.rowmill.mounter.sftp;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A path in a request. The shared root is "/"; relative paths begin there too.
 *
 * @param names single names, without "." and ".."; empty for the root
 */
record SftpPath(List<Path> names) {

    private static final int MAX_BYTES = 4096;

    SftpPath {
        names = List.copyOf(names);
    }

    static SftpPath of(byte[] path) throws Refusal {
        if (path.length > MAX_BYTES) {
            throw new Refusal(SftpStatus.BAD_MESSAGE, "a path of at most " + MAX_BYTES + " bytes was expected");
        }
        List<Path> names = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= path.length; i++) {
            if (i == path.length || path[i] == '/') {
                addName(Arrays.copyOfRange(path, start, i), names);
                start = i + 1;
            }
        }
        return new SftpPath(names);
    }

    private static void addName(byte[] name, List<Path> names) throws Refusal {
        if (name.length == 0 || (name.length == 1 && name[0] == '.')) {
            return;
        }
        if (name.length == 2 && name[0] == '.' && name[1] == '.') {
            throw new Refusal(SftpStatus.PERMISSION_DENIED, "'..' in a path is not permitted");
        }
        names.add(ByteNames.toPath(name));
    }

    boolean isRoot() {
        return names.isEmpty();
    }

    /** Returns the last name. Not for the root. */
    Path name() {
        return names.get(names.size() - 1);
    }

    /** Returns the path without its last name. Not for the root. */
    SftpPath parent() {
        return new SftpPath(names.subList(0, names.size() - 1));
    }

    /** Returns this path after {@code from}, which may be this path or a directory above it, was renamed. */
    SftpPath moved(SftpPath from, SftpPath to) {
        int depth = from.names.size();
        if (names.size() < depth || !names.subList(0, depth).equals(from.names)) {
            return this;
        }
        List<Path> moved = new ArrayList<>(to.names);
        moved.addAll(names.subList(depth, names.size()));
        return new SftpPath(moved);
    }

    /** Returns the path of an entry of this directory. */
    SftpPath resolve(Path name) {
        List<Path> all = new ArrayList<>(names);
        all.add(name);
        return new SftpPath(all);
    }

    /** Returns the path for messages, without a slash at its beginning. */
    String toText() {
        return isRoot() ? "." : new String(toBytes(), StandardCharsets.UTF_8).substring(1);
    }

    byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Path name : names) {
            bytes.write('/');
            bytes.writeBytes(ByteNames.toBytes(name));
        }
        return isRoot() ? new byte[] {'/'} : bytes.toByteArray();
    }
}
