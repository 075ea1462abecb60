package org.rowmill.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Models a file system that guarantees only what POSIX requires: content is on the disk after its file was forced, a
 * name after its directory was. Anything else may or may not survive a power failure.
 */
final class DiskModel {

    /** What a power failure does to content that was not forced. */
    enum Content {
        KEPT,
        LOST,
        /** The file has its new length and contains zeros, as with some file systems. */
        ZEROS
    }

    private static final class Node {
        private final boolean isDirectory;
        private byte[] now = {};
        private byte[] forced = {};
        private int position;

        Node(boolean isDirectory) {
            this.isDirectory = isDirectory;
        }

        byte[] after(Content loss) {
            return switch (loss) {
                case KEPT -> now;
                case LOST -> forced;
                case ZEROS -> Arrays.copyOf(forced, now.length);
            };
        }
    }

    /** A name that was removed, added or both, and whose directory was not forced since. */
    private record Change(
            Path directory,
            @Nullable Path removed,
            @Nullable Path added,
            @Nullable Node node) {}

    private final Path root;
    private final Map<Path, Node> names = new HashMap<>();
    private final Map<Path, Node> forcedNames = new HashMap<>();
    private final List<Change> changes = new ArrayList<>();

    /** Makes an empty disk. The root always exists. */
    DiskModel(Path root) {
        this.root = root;
    }

    void apply(WriteLog.Operation operation) {
        if (operation instanceof WriteLog.Make made) {
            make(made);
        } else if (operation instanceof WriteLog.Truncate truncated) {
            Node node = node(truncated.path());
            node.now = Arrays.copyOf(node.now, truncated.size());
            node.position = Math.min(node.position, truncated.size());
        } else if (operation instanceof WriteLog.Write written) {
            write(node(written.path()), written);
        } else if (operation instanceof WriteLog.Rename renamed) {
            Node node = node(renamed.from());
            change(renamed.from(), renamed.to(), node);
        } else if (operation instanceof WriteLog.Remove removed) {
            change(removed.path(), null, null);
        } else if (operation instanceof WriteLog.Sync synced) {
            sync(synced.path());
        }
    }

    private Node node(Path path) {
        Node node = names.get(path);
        if (node == null) {
            throw new IllegalStateException("the log does not show how this file was created: " + path);
        }
        return node;
    }

    private void make(WriteLog.Make made) {
        Node existing = names.get(made.path());
        if (existing == null) {
            change(null, made.path(), new Node(made.isDirectory()));
        } else {
            existing.position = 0;
        }
    }

    private static void write(Node node, WriteLog.Write written) {
        int from = written.offset() < 0 ? node.position : written.offset();
        int to = from + written.bytes().length;
        node.now = Arrays.copyOf(node.now, Math.max(node.now.length, to));
        System.arraycopy(written.bytes(), 0, node.now, from, written.bytes().length);
        if (written.offset() < 0) {
            node.position = to;
        }
    }

    private void change(@Nullable Path removed, @Nullable Path added, @Nullable Node node) {
        Path any = added != null ? added : removed; // a rename to another directory is forced with that directory
        if (any == null) {
            throw new IllegalStateException("neither removed nor added");
        }
        Change change = new Change(parent(any), removed, added, node);
        apply(change, names);
        changes.add(change);
    }

    private static void apply(Change change, Map<Path, Node> to) {
        to.remove(change.removed());
        if (change.added() != null && change.node() != null) {
            to.put(change.added(), change.node());
        }
    }

    private void sync(Path path) {
        Node node = names.get(path);
        if (node == null || node.isDirectory) {
            changes.removeIf(change -> {
                boolean isForced = change.directory().equals(path);
                if (isForced) {
                    apply(change, forcedNames);
                }
                return isForced;
            });
        } else {
            node.forced = node.now;
        }
    }

    /**
     * Returns the state after the process was killed: every operation is kept.
     *
     * @return content by path; null for a directory
     */
    Map<Path, byte @Nullable []> afterKill() {
        return files(names, Content.KEPT);
    }

    /**
     * Returns possible states after a power failure. Of the unforced changes of names, the first n are kept, or all
     * except one, or only one. Unforced content is kept, lost or zero.
     */
    List<Map<Path, byte @Nullable []>> afterPowerLoss() {
        List<Map<Path, byte @Nullable []>> states = new ArrayList<>();
        for (boolean[] kept : choices(changes.size())) {
            Map<Path, Node> left = new HashMap<>(forcedNames);
            for (int i = 0; i < kept.length; i++) {
                if (kept[i]) {
                    apply(changes.get(i), left);
                }
            }
            for (Content content : Content.values()) {
                states.add(files(left, content));
            }
        }
        return states;
    }

    private static List<boolean[]> choices(int count) {
        List<boolean[]> choices = new ArrayList<>();
        for (int i = 0; i <= count; i++) {
            boolean[] first = new boolean[count];
            Arrays.fill(first, 0, i, true);
            choices.add(first);
            if (i < count) {
                boolean[] one = new boolean[count];
                one[i] = true;
                choices.add(one);
                boolean[] others = new boolean[count];
                Arrays.fill(others, true);
                others[i] = false;
                choices.add(others);
            }
        }
        return choices;
    }

    private Map<Path, byte @Nullable []> files(Map<Path, Node> left, Content content) {
        Map<Path, byte @Nullable []> files = new TreeMap<>();
        left.forEach((path, node) -> {
            if (isReachable(parent(path), left)) {
                files.put(root.relativize(path), node.isDirectory ? null : node.after(content));
            }
        });
        return files;
    }

    private boolean isReachable(Path directory, Map<Path, Node> left) {
        return directory.equals(root) || (left.containsKey(directory) && isReachable(parent(directory), left));
    }

    private static Path parent(Path path) {
        return Objects.requireNonNull(path.getParent(), "every path in the log is below a directory");
    }

    /** Writes a state to an empty directory. */
    static void write(Map<Path, byte @Nullable []> files, Path to) throws IOException {
        for (Map.Entry<Path, byte @Nullable []> file : new LinkedHashMap<>(files).entrySet()) {
            byte[] content = file.getValue();
            if (content == null) {
                Files.createDirectories(to.resolve(file.getKey()));
            } else {
                Files.write(to.resolve(file.getKey()), content);
            }
        }
    }
}
