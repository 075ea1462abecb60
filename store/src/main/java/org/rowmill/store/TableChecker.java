package org.rowmill.store;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.rowmill.store.compaction.Overlap;
import org.rowmill.store.failed.FailedTable;
import org.rowmill.store.journal.JournalReplay;
import org.rowmill.store.journal.RowJournal;
import org.rowmill.store.keys.KeyScan;
import org.rowmill.store.parts.DamagedPart;
import org.rowmill.store.parts.Part;
import org.rowmill.store.parts.PartDirectory;
import org.rowmill.store.recompute.RecomputeFile;

/**
 * Checks the directory of a table: every byte of each part, and the other files. The caller holds the lock of the
 * table.
 */
public final class TableChecker {

    /**
     * Directory of quarantined parts. No reader of {@code *.parquet} finds them, even if it searches subdirectories.
     */
    public static final String QUARANTINE = "_broken";

    private static final String QUARANTINED_SUFFIX = ".broken";
    private static final Pattern OWN = Pattern.compile("\\.lock|\\.inputs|\\.hidden|" + RowJournal.NAME.pattern()
            + "|.*" + Pattern.quote(PartDirectory.UNPUBLISHED) + "|" + FailedTable.DIRECTORY + "|" + QUARANTINE + "|"
            + PartDirectory.PENDING + "|" + Pattern.quote(RecomputeFile.NAME));

    private final Path directory;
    private final boolean repair;
    private final List<String> faults = new ArrayList<>();
    private final Set<Path> faulty = new HashSet<>();
    private final List<String> notes = new ArrayList<>();
    private int parts;

    private TableChecker(Path directory, boolean repair) {
        this.directory = directory;
        this.repair = repair;
    }

    /**
     * The result of a check.
     *
     * @param summary one line
     * @param faults what is wrong and what to do, one line each
     * @param notes other observations, one line each
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
     * @param directory the directory of the table
     * @param repair whether to quarantine damaged parts
     * @throws IOException if the directory cannot be listed, or a part cannot be moved
     */
    public static Result check(Path directory, boolean repair) throws IOException {
        return new TableChecker(directory, repair).result();
    }

    private Result result() throws IOException {
        long rows = checkAll(directory);
        findDuplicates();
        int visibleParts = parts;
        checkAll(directory.resolve(PartDirectory.PENDING));
        int tableParts = parts;
        if (tableParts > visibleParts) {
            notes.add(directory.resolve(PartDirectory.PENDING) + ": " + (tableParts - visibleParts)
                    + " parts with results that other readers do not see yet; the next run moves them to the others");
        }
        Path failed = directory.resolve(FailedTable.DIRECTORY);
        long failedRows = checkAll(failed);
        checkAll(failed.resolve(PartDirectory.PENDING));
        String summary = String.format(
                Locale.ROOT,
                "%s: %,d rows in %,d parts, %,d failed rows in %,d parts: %s",
                directory.getFileName().toString(),
                rows,
                tableParts,
                failedRows,
                parts - tableParts,
                faults.isEmpty() ? "no faults" : "faults: " + faults.size());
        return new Result(summary, faults, notes);
    }

    /** Earlier versions left rows in several parts if they were killed. */
    private void findDuplicates() throws IOException {
        List<Part> visible = new PartDirectory(directory)
                .visible().stream()
                        .filter(part -> !faulty.contains(part.file()))
                        .toList();
        if (visible.isEmpty()) {
            return;
        }
        try {
            int rows = Overlap.find(visible, new KeyScan(visible.get(0).footer().schema()))
                    .size();
            if (rows > 0) {
                faults.add(directory + ": " + rows + " rows are in more than one part, so that other readers see them"
                        + " twice; the next run moves each of them to one part");
            }
        } catch (DamagedPart e) {
            // The check of each part reports it.
        }
    }

    private long checkAll(Path in) throws IOException {
        long rows = 0;
        for (Path file : list(in)) {
            String name = file.getFileName().toString();
            if (name.endsWith(PartDirectory.PARQUET) || name.endsWith(PartDirectory.HIDDEN)) {
                rows += check(in, file);
            } else {
                note(file).ifPresent(note -> notes.add(file + ": " + note));
            }
        }
        return rows;
    }

    private static Optional<String> note(Path file) throws IOException {
        String name = file.getFileName().toString();
        if (RowJournal.NAME.matcher(name).matches()) {
            return Optional.of(
                    JournalReplay.rows(file) + " computed rows that are not in a part yet; the next run recovers them");
        }
        if (name.endsWith(PartDirectory.UNPUBLISHED)) {
            return Optional.of("left by a run that was killed; the next run deletes it");
        }
        if (name.equals(QUARANTINE)) {
            return Optional.of("quarantined parts; delete them if you do not need them");
        }
        return OWN.matcher(name).matches() ? Optional.empty() : Optional.of("not a file of Rowmill; ignored");
    }

    private static List<Path> list(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(directory)) {
            return all.sorted().toList();
        }
    }

    /** Checks one part, adds its faults, and returns the number of its rows. */
    private long check(Path in, Path file) throws IOException {
        parts++;
        String fault;
        try {
            PartCheck.Checked checked =
                    PartCheck.check(file, directory.getFileName().toString());
            if (checked.fault().isEmpty()) {
                return checked.rows();
            }
            fault = checked.fault().get();
        } catch (IOException e) {
            fault = "it cannot be read: " + e.getMessage();
        }
        faulty.add(file);
        faults.add(file + ": " + fault
                + (repair ? ". Moved to " + quarantine(in, file) : ". To quarantine it, run check --repair")
                + "; the next run computes its rows again");
        return 0;
    }

    private Path quarantine(Path in, Path file) throws IOException {
        Path quarantine = directory.resolve(QUARANTINE);
        PartDirectory.create(quarantine);
        String prefix =
                in.equals(directory) ? "" : directory.relativize(in).toString().replace(File.separatorChar, '-') + "-";
        Path to = quarantine.resolve(prefix + file.getFileName() + QUARANTINED_SUFFIX);
        for (int i = 2; Files.exists(to); i++) {
            to = quarantine.resolve(prefix + file.getFileName() + "." + i + QUARANTINED_SUFFIX);
        }
        Files.move(file, to, StandardCopyOption.ATOMIC_MOVE);
        PartDirectory.force(quarantine);
        PartDirectory.force(in);
        return to;
    }
}
