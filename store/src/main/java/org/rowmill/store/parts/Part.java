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
 * @param sequence its number; newer parts have higher numbers
 * @param rows number of rows
 * @param rawBytes size of the rows, encoded but not compressed
 * @param footer what the part says about its table and columns
 */
public record Part(Path file, long sequence, long rows, long rawBytes, PartFooter footer) {

    /**
     * Reads the footer of a part, but not its rows.
     *
     * @throws IOException if the file is not a part, or is damaged
     */
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

    /** Opens a part for reading. The caller closes the reader. */
    public static ParquetFileReader open(Path file) throws IOException {
        return ParquetFileReader.open(
                new LocalInputFile(file),
                ParquetReadOptions.builder(new PlainParquetConfiguration())
                        .withCodecFactory(new ZstdCodecs())
                        .usePageChecksumVerification()
                        .build());
    }

    /** Returns the size of the file. */
    public long bytes() {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read", e);
        }
    }

    /** Returns the numbers of the columns of a schema for which the part has values of the same type. */
    public BitSet matching(TableSchema schema) {
        BitSet matching = new BitSet();
        for (int i = 0; i < schema.columns().size(); i++) {
            TableSchema.ColumnField field = schema.columns().get(i);
            matching.set(
                    i,
                    footer.present(field.name())
                            .filter(stored -> stored.field().type().equals(field.type()))
                            .isPresent());
        }
        return matching;
    }
}
