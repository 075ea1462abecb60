package org.rowmill.store.parts;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.SeekableInputStream;
import org.apache.parquet.schema.MessageType;

/** Joins files into one by copying their row groups. Each file becomes a section, or extends the section before it. */
final class JoinedPart {

    private static final int MAX_PADDING = 0;

    private JoinedPart() {}

    /**
     * Writes a file with the rows of others, and forces it to the disk.
     *
     * @param sources files with the same columns in the same order; at least one
     * @param to the file, under its temporary name
     */
    static void write(List<Part> sources, LocalOutputFile to) throws IOException {
        MessageType schema = ParquetTypes.message(sources.get(0).footer().schema());
        try (to;
                ParquetFileWriter writer = new ParquetFileWriter(
                        to,
                        schema,
                        ParquetFileWriter.Mode.OVERWRITE,
                        Long.MAX_VALUE,
                        MAX_PADDING,
                        null, // not encrypted
                        ParquetProperties.builder().build())) {
            writer.start();
            for (Part source : sources) {
                copy(source, schema, writer);
            }
            writer.end(PartSections.metadata(sections(sources)));
        }
    }

    private static void copy(Part source, MessageType schema, ParquetFileWriter writer) throws IOException {
        try (ParquetFileReader reader = source.open();
                SeekableInputStream in = source.source().newStream()) {
            for (int i = source.groups().first(); i < source.groups().end(); i++) {
                BlockMetaData block = reader.getRowGroups().get(i);
                writer.startBlock(block.getRowCount());
                for (ColumnChunkMetaData chunk : block.getColumns()) {
                    writer.appendColumnChunk(
                            schema.getColumnDescription(chunk.getPath().toArray()),
                            in,
                            chunk,
                            null,
                            reader.readColumnIndex(chunk),
                            reader.readOffsetIndex(chunk));
                }
                writer.endBlock();
            }
        }
    }

    private static List<PartSections.Section> sections(List<Part> sources) {
        List<PartSections.Section> sections = new ArrayList<>();
        for (Part source : sources) {
            int last = sections.size() - 1;
            int groups = source.groups().count();
            if (last >= 0 && sections.get(last).footer().equals(source.footer())) {
                groups += sections.remove(last).groups();
            }
            sections.add(new PartSections.Section(groups, source.footer()));
        }
        return sections;
    }
}
