package org.rowmill.store.parts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.jspecify.annotations.Nullable;

/** Writes one part under a temporary name. Closing it before it is finished deletes the file. */
public final class PartFileWriter implements AutoCloseable {

    private final Path file;
    private final PartFooter footer;
    private final LocalOutputFile output;
    private final ParquetWriter<@Nullable Object[]> writer;
    private long rows;
    private boolean finished;

    /**
     * Creates the file.
     *
     * @param file the file, under its temporary name
     * @param footer the footer of the part
     * @param rowGroupBytes compressed size of a row group, which is kept in memory until it is full
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

    /**
     * Writes a row.
     *
     * @param row the stored values of the index, then of the columns of the footer
     */
    public void write(@Nullable Object[] row) throws IOException {
        writer.write(row);
        rows++;
    }

    long rows() {
        return rows;
    }

    /** Estimates the size: bytes in the file and bytes in memory. */
    long bytes() {
        return writer.getDataSize();
    }

    /** Describes the finished file under the name that it gets. */
    Part part(Path to, long sequence) {
        List<BlockMetaData> blocks = writer.getFooter().getBlocks();
        long rawBytes =
                blocks.stream().mapToLong(BlockMetaData::getTotalByteSize).sum();
        Part.RowGroups groups = new Part.RowGroups(0, blocks.size());
        return new Part(new LocalInputFile(to), sequence, groups, rows, rawBytes, footer);
    }

    Path file() {
        return file;
    }

    /** Completes the file and forces it to the disk. */
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

    /** Closes the file directly, because the Parquet writer would first write the rest. */
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
            // By default Parquet first checks the size of a row group after 100 rows, which may be 100 MB.
            withMinRowCountForPageSizeCheck(1);
        }

        @Override
        protected Builder self() {
            return this;
        }

        /** Not called, but abstract in the superclass. */
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
