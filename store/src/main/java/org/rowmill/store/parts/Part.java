package org.rowmill.store.parts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.rowmill.schemas.model.TableSchema;

/**
 * A published part.
 *
 * @param file the file
 * @param sequence its place in time: the part of the higher number is newer
 * @param rows number of its rows
 * @param rawBytes size of its rows, encoded but not compressed
 * @param footer what it says of itself
 */
public record Part(Path file, long sequence, long rows, long rawBytes, PartFooter footer) {

    /** Reads a part's footer, not its rows. */
    public static Part read(Path file, long sequence) throws IOException {
        try (ParquetFileReader reader = open(file)) {
            String json = reader.getFileMetaData().getKeyValueMetaData().get(PartFooter.KEY);
            if (json == null) {
                throw new IOException("Rowmill did not write it");
            }
            long rawBytes = reader.getRowGroups().stream()
                    .mapToLong(BlockMetaData::getTotalByteSize)
                    .sum();
            return new Part(file, sequence, reader.getRecordCount(), rawBytes, PartFooter.parse(json));
        } catch (RuntimeException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    public static ParquetFileReader open(Path file) throws IOException {
        return ParquetFileReader.open(
                new LocalInputFile(file),
                ParquetReadOptions.builder(new PlainParquetConfiguration())
                        .withCodecFactory(new ZstdCodecs())
                        .usePageChecksumVerification()
                        .build());
    }

    public long bytes() {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read", e);
        }
    }

    /** The columns of a schema that the part has values of, of the same type. */
    public BitSet carried(TableSchema schema) {
        BitSet carried = new BitSet();
        for (int i = 0; i < schema.columns().size(); i++) {
            TableSchema.ColumnField field = schema.columns().get(i);
            PartFooter.StoredColumn stored = footer.present(field.name());
            if (stored != null && stored.field().type().equals(field.type())) {
                carried.set(i);
            }
        }
        return carried;
    }
}
