package org.rowmill.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.WrongInput;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.store.compaction.MergedRow;
import org.rowmill.store.compaction.MergedRows;
import org.rowmill.store.compaction.Overlap;
import org.rowmill.store.failed.FailedReader;
import org.rowmill.store.failed.FailedRow;
import org.rowmill.store.failed.FailedTable;
import org.rowmill.store.keys.KeyScan;
import org.rowmill.store.keys.StoredKeys;
import org.rowmill.store.parts.DamagedPart;
import org.rowmill.store.parts.Part;
import org.rowmill.store.parts.PartColumns;
import org.rowmill.store.parts.PartDirectory;
import org.rowmill.store.parts.PartFooter;
import org.rowmill.store.parts.StoredColumns;
import org.rowmill.store.recompute.RequestProgress;

/**
 * Reads the rows, keys and failed rows of an open table. Skips damaged parts, with a warning, if the options permit it.
 * Used by one thread at a time.
 */
final class TableReader {

    private final PartDirectory parts;
    private final PartDirectory failed;
    private final StoredColumns columns;
    private final KeyScan keys;
    private final RequestProgress progress;
    private final Path spillDirectory;
    private final List<String> warnings;
    private @Nullable Overlap overlap;
    private long overlapChanges;
    private boolean hasDuplicates;

    TableReader(OpenedTable table, KeyScan keys, RequestProgress progress) {
        this.parts = table.parts();
        this.failed = table.failed();
        this.columns = table.columns();
        this.keys = keys;
        this.progress = progress;
        this.spillDirectory = table.temporary();
        this.warnings = new ArrayList<>(table.warnings());
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }

    StoredKeys readKeys() {
        while (true) {
            try {
                return readKeysOnce();
            } catch (DamagedPart e) {
                skip(e);
            }
        }
    }

    private StoredKeys readKeysOnce() throws DamagedPart {
        List<Part> all = new ArrayList<>(parts.visible());
        all.addAll(parts.hidden());
        StoredKeys stored = new StoredKeys(all.stream().mapToLong(Part::rows).sum());
        boolean foundDuplicates = false;
        for (Part part : all) {
            int set = stored.number(columnsWithRequests(part));
            boolean[] repeated = {false};
            keys.visit(part, key -> repeated[0] |= !stored.add(key, set));
            foundDuplicates |= repeated[0] && !part.isHidden();
        }
        for (Part part : failed.parts()) {
            keys.visit(part, stored::markFailed);
        }
        hasDuplicates |= foundDuplicates;
        return stored;
    }

    private BitSet columnsWithRequests(Part part) {
        BitSet valid = columns.valid(part);
        valid.clear(columns.columns(), columns.schema().columns().size());
        progress.addFresh(
                valid,
                column -> part.footer()
                        .present(columns.schema().columns().get(column).name())
                        .map(PartFooter.StoredColumn::generation)
                        .orElse(0));
        return valid;
    }

    /** Skips a part whose footer was readable and whose rows are not. */
    private void skip(DamagedPart e) {
        if (!columns.options().ignoreBrokenParts()) {
            throw new WrongInput(e.getMessage());
        }
        warnings.add(e.getMessage());
        parts.skip(e.part());
        failed.skip(e.part());
    }

    /** Whether {@link #readKeys} found a row in more than one of the parts that other readers see. */
    boolean hasDuplicates() {
        return hasDuplicates;
    }

    /** Notes that a compaction left each row in one part. */
    void noDuplicates() {
        hasDuplicates = false;
    }

    Stream<StoredRow> rows(Set<String> names, boolean all) {
        TableSchema schema = columns.schema();
        BitSet wanted = new BitSet();
        for (int i = 0; i < schema.columns().size(); i++) {
            wanted.set(i, all || names.contains(schema.columns().get(i).name()));
        }
        List<PartColumns> reading = parts.parts().stream()
                .map(part -> columns.reading(part, wanted))
                .toList();
        try {
            MergedRows rows = new MergedRows(reading, schema, overlap(), keys, spillDirectory);
            return CloseableStreams.stream(rows::next, rows).map(TableReader::storedRow);
        } catch (IOException e) {
            throw CloseableStreams.failure(e);
        }
    }

    private static StoredRow storedRow(MergedRow row) {
        BitSet present = new BitSet();
        for (int i = 0; i < row.sources().length; i++) {
            present.set(i, row.sources()[i] >= 0);
        }
        return new StoredRow(row.index(), row.key(), present, row.values());
    }

    /** Returns the rows that are in more than one part. Searches again after parts were added or removed. */
    Overlap overlap() {
        Overlap found = overlap;
        while (found == null || overlapChanges != parts.changes()) {
            try {
                long changes = parts.changes(); // before the parts are listed: a later part makes it search again
                found = Overlap.find(parts.parts(), keys);
                overlap = found;
                overlapChanges = changes;
                return found;
            } catch (DamagedPart e) {
                skip(e);
            }
        }
        return found;
    }

    Stream<FailedRow> failedRows() {
        TableSchema schema = FailedTable.schema(columns.schema());
        FailedReader rows = new FailedReader(failed.parts(), schema, keys, (part, key) -> true);
        return CloseableStreams.stream(rows::next, rows);
    }
}
