package org.rowmill.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
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

/** Reads a part to its last byte, and says what is wrong with it. */
final class PartCheck {

    private PartCheck() {}

    /**
     * A part that can be read.
     *
     * @param part what its footer says
     * @param fault what is wrong with its rows; empty: nothing
     */
    record Checked(Part part, String fault) {}

    /**
     * Checks a part.
     *
     * @param file the part
     * @param table name of the table it should be of
     * @throws IOException when it cannot be read, or is not what was written
     */
    static Checked check(Path file, String table) throws IOException {
        PartChecksum.verify(file);
        Part part = Part.read(file, 0);
        TableSchema schema = part.footer().schema();
        if (!schema.table().equals(table)) {
            return new Checked(part, "it is of the table " + schema.table() + ", not of " + table);
        }
        MessageType stored;
        try (ParquetFileReader reader = Part.open(file)) {
            stored = reader.getFileMetaData().getSchema();
        }
        if (!stored.equals(ParquetTypes.message(schema))) {
            return new Checked(part, "its columns are not those that its metadata names");
        }
        return new Checked(part, rowFault(part, schema));
    }

    private static String rowFault(Part part, TableSchema schema) throws IOException {
        BitSet all = new BitSet();
        all.set(0, schema.columns().size());
        KeyScan keys = new KeyScan(schema);
        StoredKeys seen = new StoredKeys(part.rows());
        long rows = 0;
        try (PartReader reader = new PartReader(part, schema, all)) {
            while (reader.next()) {
                rows++;
                if (!seen.markListed(keys.key(reader.index()))) {
                    return "it has the row " + reader.index() + " twice";
                }
            }
        } catch (DamagedPart e) {
            Throwable cause = e.getCause();
            throw new IOException(cause == null ? e.getMessage() : String.valueOf(cause.getMessage()), e);
        } catch (IllegalStateException e) {
            throw new IOException(e.getMessage(), e);
        }
        return rows == part.rows() ? "" : "it has " + rows + " rows, and its footer says " + part.rows();
    }
}
