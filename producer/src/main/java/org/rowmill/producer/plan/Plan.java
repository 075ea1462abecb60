package org.rowmill.producer.plan;

import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rowmill.producer.inputs.RowInputs;
import org.rowmill.producer.options.RunOptions;
import org.rowmill.producer.project.ContextLoader;
import org.rowmill.producer.project.UserStack;
import org.rowmill.producer.rundir.IndexText;
import org.rowmill.schemas.WrongInput;
import org.rowmill.schemas.model.NameNotText;
import org.rowmill.schemas.model.TableModel;
import org.rowmill.schemas.protocol.MessageCodec;
import org.rowmill.store.StoredRow;
import org.rowmill.store.TableStore;
import org.rowmill.store.keys.IndexKey;
import org.rowmill.store.keys.StoredKeys;
import org.rowmill.store.recompute.RequestProgress;

/**
 * Finds the rows with missing columns. Rows that need no stored values come first, in the order of {@code index()};
 * then rows that need stored values, in the order of the parts. Used by one thread; any thread may read the counts. The
 * memory does not grow with the number of planned rows.
 */
public final class Plan {

    private static final BitSet NOTHING = new BitSet();

    private final TableModel model;
    private final TableStore store;
    private final StoredKeys keys;
    private final RowInputs inputs;
    private final MessageCodec codec;
    private final RunOptions options;
    private final MissingColumns missing;
    private final Set<IndexKey> changed = new HashSet<>();
    private final RequestProgress requests;
    private final Set<Integer> knownColumns = new LinkedHashSet<>();
    private final UnusableNames names = new UnusableNames();
    private final AtomicLong listed = new AtomicLong();
    private final AtomicLong skipped = new AtomicLong();
    private final AtomicLong leftOut = new AtomicLong();

    /**
     * Makes a plan.
     *
     * @param model the table class
     * @param store the stored table
     * @param keys the stored rows
     * @param inputs the files of the rows
     * @param codec encodes indices
     * @param options options of the run
     */
    public Plan(
            TableModel model,
            TableStore store,
            StoredKeys keys,
            RowInputs inputs,
            MessageCodec codec,
            RunOptions options) {
        this.model = model;
        this.store = store;
        this.keys = keys;
        this.inputs = inputs;
        this.codec = codec;
        this.options = options;
        this.missing = new MissingColumns(model);
        this.requests = store.requestProgress();
    }

    /** Receives the rows. */
    public interface Sink {
        /** Adds a row; may wait. */
        void add(PlannedRow row) throws InterruptedException;
    }

    /**
     * Finds all rows.
     *
     * @throws WrongInput if {@code index()} throws or lists an index twice; the sink has the rows found before
     */
    public void find(Sink sink) throws InterruptedException {
        findListed(sink);
        if (!knownColumns.isEmpty()) {
            findStored(sink);
        }
    }

    /** Returns a warning about names of files that cannot be rows; empty: there are none so far. */
    public Optional<String> warning() {
        return names.warning();
    }

    /** Returns the number of failed rows that are not retried, so far. */
    public long skipped() {
        return skipped.get();
    }

    /** Returns the number of rows that {@code --only} leaves out, so far. */
    public long leftOut() {
        return leftOut.get();
    }

    /** Returns the number of rows that {@code index()} has listed so far. */
    public long listed() {
        return listed.get();
    }

    @SuppressWarnings("try") // the context is set, not used
    private void findListed(Sink sink) throws InterruptedException {
        try (ContextLoader context = ContextLoader.of(model.tableClass());
                Stream<?> all = model.newTable().index()) {
            Iterator<?> indices = options.rows().quick().isPresent()
                    ? all.limit(options.rows().quick().getAsLong()).iterator()
                    : all.iterator();
            while (indices.hasNext()) {
                list(indices.next(), sink);
            }
        } catch (WrongInput | InterruptedException e) {
            throw e;
        } catch (OutOfMemoryError | InternalError e) {
            throw e; // not the fault of the code that met it
        } catch (Exception | Error e) {
            throw indexFault(e);
        }
    }

    private void list(@Nullable Object index, Sink sink) throws InterruptedException {
        List<Object> stored = stored(index);
        if (stored.isEmpty()) {
            return;
        }
        names.check(stored);
        IndexKey key = IndexKey.of(codec.encodeIndex(model.schema(), stored));
        BitSet present = keys.columns(key);
        if (!keys.markListed(key)) {
            throw new WrongInput(where() + ": index() lists " + index + " twice (the second time as row "
                    + (listed.get() + 1)
                    + "). An index must identify one row: list it once, or make the index a record with"
                    + " another component that differs");
        }
        requests.choose(key, present, () -> IndexText.of(stored), listed.getAndIncrement());
        if (isLeftOut(stored)) {
            leftOut.incrementAndGet();
            requests.notPlanned(key, present);
            return;
        }
        boolean isStored = keys.contains(key);
        boolean isChanged = inputs.mustRecompute(key, stored, isStored);
        MissingColumns.Work work = missing.of(isChanged ? NOTHING : present);
        if (work.isNone()) {
            return;
        }
        boolean failed = keys.failed(key);
        if (failed && !options.rows().retryFailed()) {
            skipped.incrementAndGet();
            requests.notPlanned(key, present);
            return;
        }
        if (work.known().isEmpty()) {
            boolean isWhole = isChanged || present.isEmpty();
            if (isStored && isWhole) {
                inputs.willReplace(key);
            }
            if (isChanged) {
                changed.add(key);
            }
            sink.add(new PlannedRow(stored, key, isWhole ? List.of() : work.columns(), Map.of(), failed, isStored));
        } else {
            knownColumns.addAll(work.known());
        }
    }

    private boolean isLeftOut(List<Object> index) {
        return options.rows().only().isPresent() && !options.rows().only().get().equals(IndexText.of(index));
    }

    /** Returns the stored index; empty if its name is unusable. */
    private List<Object> stored(@Nullable Object index) {
        try {
            return model.storedIndex(index);
        } catch (NameNotText e) {
            names.skip(e);
            return List.of();
        } catch (IllegalArgumentException e) {
            throw new WrongInput(
                    where() + ": row " + (listed.get() + 1) + " of index() cannot be stored: " + e.getMessage());
        }
    }

    private void findStored(Sink sink) throws InterruptedException {
        Set<String> names = new LinkedHashSet<>();
        knownColumns.forEach(
                column -> names.add(model.schema().columns().get(column).name()));
        try (Stream<StoredRow> rows = store.rows(names, false)) {
            for (Iterator<StoredRow> all = rows.iterator(); all.hasNext(); ) {
                StoredRow row = all.next();
                BitSet present = keys.columns(row.key());
                requests.clearChosen(row.key(), present);
                MissingColumns.Work work = missing.of(present);
                boolean failed = keys.failed(row.key());
                boolean skipped = failed && !options.rows().retryFailed();
                if (keys.listed(row.key())
                        && !changed.contains(row.key())
                        && !work.known().isEmpty()
                        && !skipped
                        && !isLeftOut(row.index())) {
                    sink.add(new PlannedRow(row.index(), row.key(), work.columns(), known(row, work), failed, true));
                }
            }
        }
    }

    private static Map<Integer, @Nullable Object> known(StoredRow row, MissingColumns.Work work) {
        Map<Integer, @Nullable Object> known = new HashMap<>();
        for (int column : work.known()) {
            known.put(column, row.values()[column]);
        }
        return known;
    }

    private WrongInput indexFault(Throwable e) {
        WrongInput fault = new WrongInput(where() + ": index() threw " + e + " after " + listed() + " rows"
                + UserStack.at(e, model.tableClass()) + "; the rows before it are computed and kept");
        fault.initCause(e);
        return fault;
    }

    private String where() {
        return "table " + model.schema().table();
    }
}
