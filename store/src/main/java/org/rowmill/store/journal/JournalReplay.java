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
import java.util.Optional;
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
import org.rowmill.store.recompute.RequestProgress;

/**
 * Converts the journals that killed runs left ({@link RowJournal}) into parts. They are parts of those runs, with the
 * columns, versions and code of those runs. The rules for other parts decide which of their values are valid, and
 * whether they fit the class. The caller holds the lock of the table.
 */
public final class JournalReplay {

    private final Path directory;
    private final PartDirectory parts;
    private final PartDirectory failed;

    /**
     * Makes a replay.
     *
     * @param directory the directory of the table
     * @param parts parts with rows
     * @param failed parts with failed rows
     */
    public JournalReplay(Path directory, PartDirectory parts, PartDirectory failed) {
        this.directory = directory;
        this.parts = parts;
        this.failed = failed;
    }

    /**
     * The result of a replay or of an inspection.
     *
     * @param notes one line for each journal whose rows were recovered
     * @param warnings one line for each journal that was not replayed; its file stays
     */
    public record Result(List<String> notes, List<String> warnings) {
        public Result {
            notes = List.copyOf(notes);
            warnings = List.copyOf(warnings);
        }
    }

    /** The rows of a journal by key, in the order of the file. */
    private record Content(PartFooter footer, Map<IndexKey, RowMessage> rows) {}

    /** Lists the journals in the directory of a table. */
    static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(file -> RowJournal.NAME
                            .matcher(file.getFileName().toString())
                            .matches())
                    .sorted()
                    .toList();
        }
    }

    /** Finds journals without replaying them, and makes a warning for each. */
    public static Result inspect(Path directory) throws IOException {
        List<Path> files = Files.isDirectory(directory) ? files(directory) : List.of();
        return new Result(
                List.of(),
                files.stream()
                        .map(file ->
                                file + ": the rows in this journal are shown as missing; the next run recovers them")
                        .toList());
    }

    /** Counts the rows of a journal. */
    public static int rows(Path file) throws IOException {
        return read(file).map(content -> content.rows().size()).orElse(0);
    }

    /**
     * Publishes the rows of all journals, and deletes the journals.
     *
     * @throws IOException if a part cannot be written; the journals stay
     */
    public Result replay() throws IOException {
        List<String> notes = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        for (Path file : files(directory)) {
            try {
                Optional<Content> content = read(file);
                if (content.isPresent()) {
                    publish(file, content.get()).ifPresent(notes::add);
                }
                Files.deleteIfExists(file);
                PartDirectory.force(directory);
            } catch (UnknownFormat e) {
                warnings.add(file + ": this journal cannot be read (" + e.getMessage()
                        + "). Delete it; the next run computes its rows again");
            }
        }
        return new Result(notes, warnings);
    }

    /** An entry is complete, but another version of Rowmill wrote it. */
    private static final class UnknownFormat extends IOException {
        private static final long serialVersionUID = 1;

        UnknownFormat(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /** Reads the complete entries, up to a torn or damaged one. Empty if the first entry is torn or damaged. */
    private static Optional<Content> read(Path file) throws IOException {
        long left = Files.size(file);
        try (InputStream stream = Files.newInputStream(file);
                DataInputStream in = new DataInputStream(new BufferedInputStream(stream))) {
            byte[] first = entry(in, left);
            if (first == null) {
                return Optional.empty();
            }
            PartFooter footer = footer(first);
            return Optional.of(new Content(footer, rows(in, left - RowJournal.HEAD_BYTES - first.length, footer)));
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

    /** Publishes the rows that are not in a part yet; returns a note if there are any. */
    private Optional<String> publish(Path file, Content content) throws IOException {
        PartFooter footer = content.footer();
        TableSchema schema = footer.schema();
        KeyScan keys = new KeyScan(schema);
        removePublished(file, content, keys);
        try (PartWriter writer = new PartWriter(
                schema,
                schema.columns().size(),
                footer::withPresent,
                keys,
                parts,
                failed,
                RequestProgress.none(schema))) {
            content.rows().forEach((key, row) -> writer.add(key, row.index(), row.known(), false));
            writer.publish();
        }
        return content.rows().isEmpty()
                ? Optional.empty()
                : Optional.of("Table " + footer.table() + ": recovered "
                        + content.rows().size() + " rows from the journal of run " + footer.run()
                        + ", which was killed");
    }

    /** Removes rows that are in a part: the run may have been killed after it published them. */
    private void removePublished(Path file, Content content, KeyScan keys) {
        Matcher name = RowJournal.NAME.matcher(file.getFileName().toString());
        if (!name.matches()) {
            throw new IllegalStateException("not the name of a journal: " + file);
        }
        long before = Long.parseLong(name.group(2));
        for (Part part : parts.parts()) {
            if (part.sequence() > before
                    && part.footer().run().equals(content.footer().run())) {
                removePublished(part, content, keys);
            }
        }
    }

    private static void removePublished(Part part, Content content, KeyScan keys) {
        BitSet matching = part.matching(content.footer().schema());
        Set<IndexKey> published = new HashSet<>();
        try {
            keys.visit(part, key -> {
                RowMessage row = content.rows().get(key);
                if (row != null && row.known().keySet().stream().allMatch(matching::get)) {
                    published.add(key);
                }
            });
        } catch (DamagedPart e) {
            return; // the rows of the damaged part are not stored; its next reader reports the damage
        }
        content.rows().keySet().removeAll(published);
    }
}
