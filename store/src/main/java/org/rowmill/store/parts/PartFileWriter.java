package org.rowmill.store.parts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.jspecify.annotations.Nullable;

/** Writes one part under a temporary name. Closed without having been finished, it leaves no file. */
public final class PartFileWriter implements AutoCloseable {

    private final Path file;
    private final PartFooter footer;
    private final LocalOutputFile output;
    private final ParquetWriter<@Nullable Object[]> writer;
    private long rows;
    private boolean finished;

    /**
     * Opens a file.
     *
     * @param file its temporary name
     * @param footer what it will say of itself
     * @param rowGroupBytes compressed size of a row group, which is held in memory until it is full
     */
    public PartFileWriter(Path file, PartFooter footer, long rowGroupBytes) throws IOException {
        this.file = file;
        this.footer = footer;
        this.output = new LocalOutputFile(file);
        try {
            this.writer = new Builder(output, new RowWriteSupport(footer), rowGroupBytes).build();
        } catch (IOException | RuntimeException e) {
            drop();
            throw e;
        }
    }

    /** Takes the stored values of the index, then of the footer's columns. */
    public void write(@Nullable Object[] row) throws IOException {
        writer.write(row);
        rows++;
    }

    long rows() {
        return rows;
    }

    /** Written and still in memory, about. */
    long bytes() {
        return writer.getDataSize();
    }

    /** Encoded but not compressed, of a finished file. */
    long rawBytes() {
        return writer.getFooter().getBlocks().stream()
                .mapToLong(BlockMetaData::getTotalByteSize)
                .sum();
    }

    Path file() {
        return file;
    }

    PartFooter footer() {
        return footer;
    }

    /** Ends the file; it is on the disk when this returns. */
    public void finish() throws IOException {
        writer.close();
        finished = true;
    }

    @Override
    public void close() throws IOException {
        if (!finished) {
            finished = true;
            drop();
        }
    }

    /** Not through Parquet's writer, which would write the rest of the file first. */
    private void drop() throws IOException {
        output.close();
        Files.deleteIfExists(file);
    }

    private static final class Builder extends ParquetWriter.Builder<@Nullable Object[], Builder> {
        private final RowWriteSupport support;

        Builder(LocalOutputFile output, RowWriteSupport support, long rowGroupBytes) {
            super(output);
            this.support = support;
            withConf(new PlainParquetConfiguration());
            withCodecFactory(new ZstdCodecs());
            withCompressionCodec(CompressionCodecName.ZSTD);
            withWriteMode(ParquetFileWriter.Mode.OVERWRITE);
            withRowGroupSize(rowGroupBytes);
            // By default it looks at the size of the row group after 100 rows only, and 100 of 1 MB pile up.
            withMinRowCountForPageSizeCheck(1);
        }

        @Override
        protected Builder self() {
            return this;
        }

        /** Abstract, though deprecated and not called. */
        @Override
        @SuppressWarnings("deprecation")
        protected WriteSupport<@Nullable Object[]> getWriteSupport(Configuration configuration) {
            return support;
        }

        @Override
        protected WriteSupport<@Nullable Object[]> getWriteSupport(ParquetConfiguration configuration) {
            return support;
        }
    }
}
