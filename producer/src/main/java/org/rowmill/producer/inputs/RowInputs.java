package org.rowmill.producer.inputs;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rowmill.producer.options.ChangedInputs;
import org.rowmill.producer.rundir.IndexText;
import org.rowmill.schemas.model.ColumnType.Scalar;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.store.keys.IndexKey;

/**
 * Compares the input files of rows with their states when the values of the rows were computed. Thread-safe: rows are
 * planned by one thread, and stored by another.
 *
 * <p>The state of a new row is written, at the latest, when a journal or a part has its values. That of a row that is computed again is written as
 * unknown first, and written after the new values are stored; if the run is killed in between, the next run computes
 * the row again.
 */
public final class RowInputs implements AutoCloseable {

    /** The content of larger files is read only if changed inputs are computed again. */
    private static final long SMALL_BYTES = 1L << 20;

    /** Larger files are compared by size and time only. */
    private static final long MAX_BYTES = 64L << 20;

    private final Path root;
    private final Path file;
    private final ChangedInputs policy;
    private final List<Integer> paths = new ArrayList<>();
    private final StateTable states;
    private final Map<IndexKey, FileState[]> pending = new HashMap<>();
    private final StateFile.@Nullable Writer writer;
    private final Rows changed = new Rows();
    private final Rows gone = new Rows();
    private @Nullable Changed lastChanged;
    private @Nullable IOException failure;

    private RowInputs(Path root, Path directory, TableSchema schema, ChangedInputs policy, boolean isWritten)
            throws IOException {
        this.root = root;
        this.file = directory.resolve(StateFile.NAME);
        this.policy = policy;
        for (int i = 0; i < schema.index().size(); i++) {
            if (schema.index().get(i).type() == Scalar.PATH) {
                paths.add(i);
            }
        }
        this.states = new StateTable(Math.max(1, paths.size()));
        if (!isCompared()) {
            this.writer = null;
            return;
        }
        long valid = StateFile.read(file, paths.size(), states);
        if (isWritten && StateFile.superfluous(valid, paths.size(), states.size()) > Math.max(1 << 10, states.size())) {
            StateFile.shorten(file, paths.size());
            valid = StateFile.read(file, paths.size(), new StateTable(paths.size()));
        }
        this.writer = isWritten ? new StateFile.Writer(file, paths.size(), valid) : null;
    }

    /**
     * Reads the states of a table.
     *
     * @param root directory of the project
     * @param directory directory of the table
     * @param schema the table
     * @param policy what to do with changed inputs
     * @param isWritten whether the run computes rows; otherwise nothing is written
     */
    public static RowInputs open(Path root, Path directory, TableSchema schema, ChangedInputs policy, boolean isWritten)
            throws IOException {
        return new RowInputs(root, directory, schema, policy, isWritten);
    }

    /** Whether the index has paths, and the run compares them. */
    private boolean isCompared() {
        return policy != ChangedInputs.IGNORE && !paths.isEmpty();
    }

    private long maxBytes() {
        return policy == ChangedInputs.RECOMPUTE ? MAX_BYTES : SMALL_BYTES;
    }

    /**
     * Compares the files of a row. Called by the thread that plans.
     *
     * @param key key of the row
     * @param index stored values of its index
     * @param isStored whether the table has the row
     * @return whether the row must be computed again
     */
    public boolean mustRecompute(IndexKey key, List<Object> index, boolean isStored) {
        if (!isCompared()) {
            return false;
        }
        FileState[] now = new FileState[paths.size()];
        Path[] files = new Path[paths.size()];
        for (int i = 0; i < now.length; i++) {
            files[i] = path(index.get(paths.get(i)));
            now[i] = FileState.of(files[i]);
        }
        synchronized (this) {
            return compare(key, index, isStored, now, files);
        }
    }

    private Path path(Object value) {
        try {
            return root.resolve((String) value);
        } catch (InvalidPathException e) {
            return root; // a directory, which is not compared
        }
    }

    private boolean compare(IndexKey key, List<Object> index, boolean isStored, FileState[] now, Path[] files) {
        FileState[] stored = states.get(key);
        if (!isStored || stored == null) {
            write(key, withContent(now, files));
            return false;
        }
        boolean isTouched = false;
        boolean isChanged = false;
        boolean isGone = false;
        for (int i = 0; i < now.length; i++) {
            FileState.Comparison comparison = now[i].compare(stored[i], files[i], MAX_BYTES);
            isTouched |= comparison == FileState.Comparison.TOUCHED;
            isChanged |= comparison == FileState.Comparison.CHANGED;
            isGone |= comparison == FileState.Comparison.GONE;
        }
        if (isChanged) {
            changed.add(index);
            lastChanged = new Changed(key, now, files);
        } else if (isGone) {
            gone.add(index);
        } else if (isTouched) {
            write(key, withContent(now, files));
        }
        return isChanged && policy == ChangedInputs.RECOMPUTE;
    }

    /**
     * Records that all columns of a stored row are computed again, which makes it up to date. Called by the thread that
     * plans, after {@link #mustRecompute} for the same row.
     */
    public synchronized void willReplace(IndexKey key) {
        Changed last = lastChanged;
        if (last != null && last.key().equals(key)) {
            pending.put(key, withContent(last.now(), last.files()));
            changed.count -= policy == ChangedInputs.WARN ? 1 : 0; // its values are not kept
            FileState[] unknown = new FileState[last.now().length];
            Arrays.fill(unknown, new FileState(FileState.UNKNOWN, 0));
            write(key, unknown);
        }
    }

    /** Returns whether the values of a row are to be computed again, because its files had changed. */
    public synchronized boolean isOutdated(IndexKey key) {
        FileState[] stored = states.get(key);
        return stored != null && stored[0].stamp() == FileState.UNKNOWN;
    }

    /**
     * Records that all values of some rows are in parts. Called by the thread that publishes parts.
     *
     * @param keys keys of the rows; those that are not computed again because of their files are ignored
     */
    public synchronized void stored(List<IndexKey> keys) {
        for (IndexKey key : keys) {
            FileState[] now = pending.remove(key);
            if (now != null) {
                write(key, now);
            }
        }
        if (writer != null && failure == null) {
            try {
                writer.force();
            } catch (IOException e) {
                failure = e;
            }
        }
    }

    /**
     * Returns what to say about the files, after all rows are planned.
     *
     * @param table name of the table
     * @return one line each
     */
    public synchronized List<String> warnings(String table) {
        List<String> lines = new ArrayList<>();
        if (changed.count > 0) {
            lines.add(
                    "Table " + table + ": the files of " + changed + " have changed since their values were computed; "
                            + (policy == ChangedInputs.RECOMPUTE
                                    ? "they are computed again"
                                    : "the values are kept. To compute such rows again: --changed-inputs recompute"));
        }
        if (gone.count > 0) {
            lines.add("Table " + table + ": the files of " + gone
                    + " do not exist any more, although index() lists them; the values are kept");
        }
        if (failure != null) {
            lines.add(file + ": cannot be written (" + failure.getMessage()
                    + "); changes of inputs of some rows will not be noticed. Free disk space, then run again");
        }
        return lines;
    }

    private FileState[] withContent(FileState[] now, Path[] files) {
        FileState[] all = new FileState[now.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = now[i].withContent(files[i], maxBytes());
        }
        return all;
    }

    private void write(IndexKey key, FileState[] now) {
        if (writer == null || failure != null) {
            return;
        }
        try {
            writer.append(key, now);
        } catch (IOException e) {
            failure = e;
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (writer != null) {
            writer.close();
        }
    }

    /** A row whose files have changed. */
    @SuppressWarnings("ArrayRecordComponent") // It is not compared.
    private record Changed(IndexKey key, FileState[] now, Path[] files) {}

    /** Counts rows, and remembers the first one. */
    private static final class Rows {
        private long count;
        private String first = "";

        void add(List<Object> index) {
            first = count == 0 ? IndexText.of(index) : first;
            count++;
        }

        @Override
        public String toString() {
            return count + (count == 1 ? " row (" : " rows (the first is ") + first + ")";
        }
    }
}
