package org.rowmill.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.rowmill.store.failed.FailedTable;
import org.rowmill.store.journal.JournalReplay;
import org.rowmill.store.journal.RowJournal;
import org.rowmill.store.parts.PartDirectory;

/** Checks one table's directory: each part to its last byte, and what else lies there. The caller holds the table's lock. */
public final class TableChecker {

    /** Parts that were set aside; no reader of {@code *.parquet} picks them up, however deep it looks. */
    public static final String ASIDE = "_broken";

    private static final String ASIDE_SUFFIX = ".broken";
    private static final Pattern OWN = Pattern.compile("\\.lock|" + RowJournal.NAME.pattern() + "|.*"
            + Pattern.quote(PartDirectory.UNPUBLISHED) + "|" + FailedTable.DIRECTORY + "|" + ASIDE);

    private final Path directory;
    private final boolean repair;
    private final List<String> faults = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private int parts;
    private long rows;
    private long failedRows;

    private TableChecker(Path directory, boolean repair) {
        this.directory = directory;
        this.repair = repair;
    }

    /**
     * What was found.
     *
     * @param summary one line
     * @param faults one line each, with what to do
     * @param notes what is no fault, one line each
     */
    public record Result(String summary, List<String> faults, List<String> notes) {
        public Result {
            faults = List.copyOf(faults);
            notes = List.copyOf(notes);
        }
    }

    /**
     * Checks a table.
     *
     * @param directory the table's
     * @param repair whether to set parts aside that are broken
     * @throws IOException when the directory cannot be listed, or a part not be moved
     */
    public static Result check(Path directory, boolean repair) throws IOException {
        return new TableChecker(directory, repair).result();
    }

    private Result result() throws IOException {
        rows = checkAll(directory);
        Path failed = directory.resolve(FailedTable.DIRECTORY);
        int ofTable = parts;
        failedRows = Files.isDirectory(failed) ? checkAll(failed) : 0;
        String summary = String.format(
                Locale.ROOT,
                "%s: %,d rows in %,d parts, %,d failed rows in %,d: %s",
                directory.getFileName().toString(),
                rows,
                ofTable,
                failedRows,
                parts - ofTable,
                faults.isEmpty() ? "all right" : "faults: " + faults.size());
        return new Result(summary, faults, notes);
    }

    private long checkAll(Path in) throws IOException {
        long count = 0;
        for (Path file : list(in)) {
            String name = file.getFileName().toString();
            if (name.endsWith(PartDirectory.PARQUET)) {
                count += check(file);
            } else if (RowJournal.NAME.matcher(name).matches()) {
                notes.add(file + ": " + JournalReplay.rows(file)
                        + " computed rows that no part holds yet; the next run takes them over");
            } else if (name.endsWith(PartDirectory.UNPUBLISHED)) {
                notes.add(file + ": a run that was killed left it; the next one removes it");
            } else if (name.equals(ASIDE)) {
                notes.add(file + ": parts that were set aside; delete them when nothing of them is needed");
            } else if (!OWN.matcher(name).matches()) {
                notes.add(file + ": no file of Rowmill's; nothing reads it");
            }
        }
        return count;
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.sorted().toList();
        }
    }

    /** Adds what is wrong with a part; returns how many rows it holds. */
    private long check(Path file) throws IOException {
        parts++;
        String fault;
        try {
            PartCheck.Checked checked =
                    PartCheck.check(file, directory.getFileName().toString());
            if (checked.fault().isEmpty()) {
                return checked.part().rows();
            }
            fault = checked.fault();
        } catch (IOException e) {
            fault = "it cannot be read: " + e.getMessage();
        }
        faults.add(file + ": " + fault
                + (repair
                        ? setAside(file)
                        : ". To set it aside: check --repair; the next run" + " computes again what it held"));
        return 0;
    }

    private String setAside(Path file) throws IOException {
        Path aside = directory.resolve(ASIDE);
        PartDirectory.make(aside);
        String prefix = file.getParent().equals(directory) ? "" : FailedTable.DIRECTORY + "-";
        Path to = aside.resolve(prefix + file.getFileName() + ASIDE_SUFFIX);
        for (int i = 2; Files.exists(to); i++) {
            to = aside.resolve(prefix + file.getFileName() + "." + i + ASIDE_SUFFIX);
        }
        Files.move(file, to, StandardCopyOption.ATOMIC_MOVE);
        PartDirectory.force(aside);
        PartDirectory.force(file.toAbsolutePath().getParent());
        return ". Moved to " + to + "; the next run computes again what it held";
    }
}
