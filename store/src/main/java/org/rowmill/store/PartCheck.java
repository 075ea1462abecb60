package org.rowmill.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.schema.MessageType;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.store.keys.KeyScan;
import org.rowmill.store.keys.StoredKeys;
import org.rowmill.store.parts.DamagedPart;
import org.rowmill.store.parts.ParquetTypes;
import org.rowmill.store.parts.Part;
import org.rowmill.store.parts.PartChecksum;
import org.rowmill.store.parts.PartReader;

/** Reads every byte of a part and finds faults. */
final class PartCheck {

    private PartCheck() {}

    /**
     * The result of a check.
     *
     * @param rows number of rows
     * @param fault what is wrong with its rows; empty if nothing is
     */
    record Checked(long rows, Optional<String> fault) {
        static Checked faulty(String fault) {
            return new Checked(0, Optional.of(fault));
        }
    }

    /**
     * Checks a part.
     *
     * @param file the part
     * @param table name of the table to which it should belong
     * @throws IOException if the part cannot be read, or was changed after it was written
     */
    static Checked check(Path file, String table) throws IOException {
        PartChecksum.verify(file);
        List<Part> sections = Part.read(file);
        long rows = sections.stream().mapToLong(Part::rows).sum();
        StoredKeys seen = new StoredKeys(rows);
        for (Part section : sections) {
            Optional<String> fault = fault(section, table, seen);
            if (fault.isPresent()) {
                return Checked.faulty(fault.get());
            }
        }
        return new Checked(rows, Optional.empty());
    }

    private static Optional<String> fault(Part part, String table, StoredKeys seen) throws IOException {
        TableSchema schema = part.footer().schema();
        if (!schema.table().equals(table)) {
            return Optional.of("it belongs to table " + schema.table() + ", not to " + table);
        }
        MessageType stored;
        try (ParquetFileReader reader = part.open()) {
            stored = reader.getFileMetaData().getSchema();
        }
        if (!stored.equals(ParquetTypes.message(schema))) {
            return Optional.of("its columns differ from those in its metadata");
        }
        return rowFault(part, schema, seen);
    }

    private static Optional<String> rowFault(Part part, TableSchema schema, StoredKeys seen) throws IOException {
        BitSet all = new BitSet();
        all.set(0, schema.columns().size());
        KeyScan keys = new KeyScan(schema);
        long rows = 0;
        try (PartReader reader = new PartReader(part, schema, all)) {
            while (reader.next()) {
                rows++;
                if (!seen.markListed(keys.key(reader.index()))) {
                    return Optional.of("it contains row " + reader.index() + " twice");
                }
            }
        } catch (DamagedPart e) {
            Throwable cause = e.getCause();
            throw new IOException(cause == null ? e.getMessage() : String.valueOf(cause.getMessage()), e);
        } catch (IllegalStateException e) {
            throw new IOException(e.getMessage(), e);
        }
        return rows == part.rows()
                ? Optional.empty()
                : Optional.of("it contains " + rows + " rows, but its footer says " + part.rows());
    }
}
