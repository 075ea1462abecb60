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
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A file system that promises no more than POSIX: content is on the disk once its file was forced, a name once its
 * directory was. What was not forced may be there or not when the power comes back.
 */
final class DiskModel {

    /** What becomes of content that was not forced. */
    enum Content {
        KEPT,
        LOST,
        /** The file has its new length, as some file systems leave it, and nothing in it. */
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

    /** A change of names that its directory has not been forced since. */
    private record Change(
            Path directory,
            @Nullable Path gone,
            @Nullable Path path,
            @Nullable Node node) {}

    private final Path root;
    private final Map<Path, Node> names = new HashMap<>();
    private final Map<Path, Node> forcedNames = new HashMap<>();
    private final List<Change> changes = new ArrayList<>();

    /** An empty disk; the root itself is there for good. */
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
            throw new IllegalStateException("the log does not say how this file came: " + path);
        }
        return node;
    }

    private void make(WriteLog.Make made) {
        Node there = names.get(made.path());
        if (there == null) {
            change(null, made.path(), new Node(made.isDirectory()));
        } else {
            there.position = 0;
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

    private void change(@Nullable Path gone, @Nullable Path path, @Nullable Node node) {
        Path of = gone != null ? gone : path;
        if (of == null || (gone != null && path != null && !gone.getParent().equals(path.getParent()))) {
            throw new IllegalStateException("from one directory to another: " + gone + ", " + path);
        }
        Change change = new Change(of.getParent(), gone, path, node);
        apply(change, names);
        changes.add(change);
    }

    private static void apply(Change change, Map<Path, Node> to) {
        to.remove(change.gone());
        if (change.path() != null && change.node() != null) {
            to.put(change.path(), change.node());
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
     * The disk after the process was killed: it has all that was done.
     *
     * @return content by path; null: a directory
     */
    Map<Path, byte @Nullable []> afterKill() {
        return files(names, Content.KEPT);
    }

    /**
     * What the disk may be after a power failure: unforced changes of names are there up to one of them, or all but one, or
     * one alone; unforced content is kept, lost or zero.
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
            if (isReached(path.getParent(), left)) {
                files.put(root.relativize(path), node.isDirectory ? null : node.after(content));
            }
        });
        return files;
    }

    private boolean isReached(Path directory, Map<Path, Node> left) {
        return directory.equals(root) || (left.containsKey(directory) && isReached(directory.getParent(), left));
    }

    /** Makes a state in a directory that is empty. */
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
