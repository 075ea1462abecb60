package org.rowmill.store.journal;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.schemas.protocol.MessageCodec;
import org.rowmill.schemas.protocol.RowMessage;
import org.rowmill.store.keys.IndexKey;
import org.rowmill.store.keys.KeyScan;
import org.rowmill.store.parts.DamagedPart;
import org.rowmill.store.parts.Part;
import org.rowmill.store.parts.PartDirectory;
import org.rowmill.store.parts.PartFooter;
import org.rowmill.store.parts.StoreOptions;

/**
 * Makes parts of what killed runs left in a {@link RowJournal}. They are parts of those runs, with their columns, versions
 * and code: what counts of them, and what does not fit, is decided as for any part. The caller holds the table's lock.
 */
public final class JournalReplay {

    private final Path directory;
    private final PartDirectory parts;
    private final PartDirectory failed;

    public JournalReplay(Path directory, PartDirectory parts, PartDirectory failed) {
        this.directory = directory;
        this.parts = parts;
        this.failed = failed;
    }

    /**
     * What was found.
     *
     * @param notes one line for each journal that had some
     * @param warnings one line for each journal that cannot be read; it stays
     */
    public record Found(List<String> notes, List<String> warnings) {
        public Found {
            notes = List.copyOf(notes);
            warnings = List.copyOf(warnings);
        }
    }

    /** Rows of a journal, in their order, by key. */
    private record Content(PartFooter footer, Map<IndexKey, RowMessage> rows) {}

    /** The journals in a table's directory. */
    static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(file -> RowJournal.NAME
                            .matcher(file.getFileName().toString())
                            .matches())
                    .sorted()
                    .toList();
        }
    }

    /** Warns of journals where nothing may be changed. */
    public static Found look(Path directory) throws IOException {
        List<Path> files = Files.isDirectory(directory) ? files(directory) : List.of();
        return new Found(
                List.of(),
                files.stream()
                        .map(file ->
                                file + ": the rows in this journal count as missing here; the next run takes them over")
                        .toList());
    }

    /** How many rows a journal has. */
    public static int rows(Path file) throws IOException {
        Content content = read(file);
        return content == null ? 0 : content.rows().size();
    }

    /**
     * Publishes the rows of all journals and deletes these.
     *
     * @throws IOException when a part cannot be written; the journals stay
     */
    public Found replay() throws IOException {
        List<String> notes = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        for (Path file : files(directory)) {
            try {
                Content content = read(file);
                int rows = content == null ? 0 : publish(file, content);
                if (content != null && rows > 0) {
                    notes.add("Table " + content.footer().table() + ": " + rows + " rows that run "
                            + content.footer().run()
                            + " had computed when it was killed are taken over from its journal");
                }
                Files.deleteIfExists(file);
                PartDirectory.force(directory);
            } catch (UnknownFormat e) {
                warnings.add(file + ": this journal of computed rows cannot be read (" + e.getMessage()
                        + "). Delete it: what it holds is computed again");
            }
        }
        return new Found(notes, warnings);
    }

    /** Whole, but not of this version of Rowmill. */
    private static final class UnknownFormat extends IOException {
        private static final long serialVersionUID = 1;

        UnknownFormat(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /** What is whole: a torn or damaged entry is the end. Null when not even the first one is whole. */
    private static @Nullable Content read(Path file) throws IOException {
        long left = Files.size(file);
        try (InputStream stream = Files.newInputStream(file);
                DataInputStream in = new DataInputStream(new BufferedInputStream(stream))) {
            byte[] first = entry(in, left);
            if (first == null) {
                return null;
            }
            PartFooter footer = footer(first);
            return new Content(footer, rows(in, left - RowJournal.HEAD_BYTES - first.length, footer));
        }
    }

    private static Map<IndexKey, RowMessage> rows(DataInputStream in, long bytes, PartFooter footer)
            throws IOException {
        KeyScan keys = new KeyScan(footer.schema());
        MessageCodec codec = new MessageCodec(footer.run(), List.of(footer.schema()));
        Map<IndexKey, RowMessage> rows = new LinkedHashMap<>();
        long left = bytes;
        for (byte[] entry = entry(in, left); entry != null; entry = entry(in, left)) {
            RowMessage row = row(codec, entry);
            rows.put(keys.key(row.index()), row);
            left -= RowJournal.HEAD_BYTES + entry.length;
        }
        return rows;
    }

    private static RowMessage row(MessageCodec codec, byte[] entry) throws UnknownFormat {
        try {
            return codec.decodeRow(entry);
        } catch (IOException e) {
            throw new UnknownFormat(e);
        }
    }

    private static PartFooter footer(byte[] entry) throws UnknownFormat {
        try {
            return PartFooter.parse(new String(entry, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UnknownFormat(e);
        }
    }

    private static byte @Nullable [] entry(DataInputStream in, long left) throws IOException {
        if (left < RowJournal.HEAD_BYTES) {
            return null;
        }
        int length = in.readInt();
        int checksum = in.readInt();
        if (length < 0 || length > left - RowJournal.HEAD_BYTES) {
            return null;
        }
        byte[] content = new byte[length];
        in.readFully(content);
        return checksum == RowJournal.checksum(content) ? content : null;
    }

    private int publish(Path file, Content content) throws IOException {
        PartFooter footer = content.footer();
        TableSchema schema = footer.schema();
        KeyScan keys = new KeyScan(schema);
        forgetPublished(file, content, keys);
        StoreOptions options = new StoreOptions(false, Set.of(), footer.run(), footer.codeHash());
        try (PartWriter writer = new PartWriter(schema, schema.columns().size(), options, keys, parts, failed)) {
            content.rows().forEach((key, row) -> writer.add(key, row.index(), row.known()));
            writer.publish();
        }
        return content.rows().size();
    }

    /** The run may have been killed after it had published the rows, and before it could delete the journal. */
    private void forgetPublished(Path file, Content content, KeyScan keys) {
        Matcher name = RowJournal.NAME.matcher(file.getFileName().toString());
        if (!name.matches()) {
            throw new IllegalStateException("no name of a journal: " + file);
        }
        long before = Long.parseLong(name.group(2));
        for (Part part : parts.parts()) {
            if (part.sequence() > before
                    && part.footer().run().equals(content.footer().run())) {
                forget(part, content, keys);
            }
        }
    }

    private static void forget(Part part, Content content, KeyScan keys) {
        BitSet carried = part.carried(content.footer().schema());
        Set<IndexKey> published = new HashSet<>();
        try {
            keys.visit(part, key -> {
                RowMessage row = content.rows().get(key);
                if (row != null && row.known().keySet().stream().allMatch(carried::get)) {
                    published.add(key);
                }
            });
        } catch (DamagedPart e) {
            return; // its rows do not count, and whoever reads it is told
        }
        content.rows().keySet().removeAll(published);
    }
}
