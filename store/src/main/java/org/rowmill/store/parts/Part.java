package org.rowmill.store.parts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.rowmill.schemas.model.TableSchema;

/**
 * A published part, or a section of one. All rows of a section have the same computed columns.
 *
 * @param source the file
 * @param sequence its number; newer parts have higher numbers
 * @param groups its row groups
 * @param rows number of rows
 * @param rawBytes size of the rows, encoded but not compressed
 * @param footer what the part says about its table and columns
 */
public record Part(
        LocalInputFile source, long sequence, RowGroups groups, long rows, long rawBytes, PartFooter footer) {

    /**
     * A range of row groups.
     *
     * @param first number of the first one
     * @param count how many
     */
    public record RowGroups(int first, int count) {
        /** Returns the number of the first row group after the range. */
        public int end() {
            return first + count;
        }
    }

    /**
     * Reads the footer of a file that no run can replace.
     *
     * @return its sections; at least one
     * @throws IOException if the file is not a part, or is damaged
     */
    public static List<Part> read(Path file) throws IOException {
        return read(new LocalInputFile(file), 0);
    }

    /**
     * Reads the footer of a file, but not its rows.
     *
     * @return its sections; at least one
     * @throws IOException if the file is not a part, or is damaged
     */
    public static List<Part> read(LocalInputFile source, long sequence) throws IOException {
        try (ParquetFileReader reader = open(source)) {
            List<BlockMetaData> blocks = reader.getRowGroups();
            List<Part> parts = new ArrayList<>();
            int first = 0;
            for (PartSections.Section section :
                    PartSections.parse(reader.getFileMetaData().getKeyValueMetaData(), blocks.size())) {
                List<BlockMetaData> own = blocks.subList(first, first + section.groups());
                parts.add(new Part(
                        source,
                        sequence,
                        new RowGroups(first, section.groups()),
                        own.stream().mapToLong(BlockMetaData::getRowCount).sum(),
                        own.stream().mapToLong(BlockMetaData::getTotalByteSize).sum(),
                        section.footer()));
                first += section.groups();
            }
            return parts;
        } catch (RuntimeException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Opens the file for reading. The caller closes the reader, and reads only the row groups of the section. */
    public ParquetFileReader open() throws IOException {
        return open(source);
    }

    static ParquetFileReader open(LocalInputFile source) throws IOException {
        return ParquetFileReader.open(
                source,
                ParquetReadOptions.builder(new PlainParquetConfiguration())
                        .withCodecFactory(new ZstdCodecs())
                        .usePageChecksumVerification()
                        .build());
    }

    /** Returns the path of the file. */
    public Path file() {
        return source.file();
    }

    /** Whether the rows are hidden from readers of {@code *.parquet} until a part contains them. */
    public boolean isHidden() {
        return file().getFileName().toString().endsWith(PartDirectory.HIDDEN);
    }

    /** Returns the size of the file. */
    public long bytes() {
        try {
            return Files.size(file());
        } catch (IOException e) {
            throw new UncheckedIOException(file() + ": cannot be read", e);
        }
    }

    /** Whether the file has a column of the same type for each column of a schema, even if it contains only nulls. */
    public boolean hasColumns(List<TableSchema.ColumnField> columns) {
        return columns.stream()
                .allMatch(field -> footer.columns().stream()
                        .anyMatch(stored -> stored.field().name().equals(field.name())
                                && stored.field().type().equals(field.type())));
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
