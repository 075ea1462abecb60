package org.rowmill.store.parts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.rowmill.schemas.model.TableSchema;

/**
 * Lists, creates, publishes, replaces and deletes the parts in a directory. Thread-safe, because rows are planned while
 * others are published.
 *
 * <p>Other readers open {@code *.parquet}. For them, the directory only ever gains a complete part with rows that no
 * other part has, or has one part replaced by a part of the same name with the same rows. Everything else is in
 * {@link #PENDING}: files that are being written, columns that stored rows do not have yet, and values that are to
 * replace others. Our own readers merge both.
 */
public final class PartDirectory implements AutoCloseable {

    /**
     * Directory of files that other readers must not see, in the directory of the parts. pyarrow, pandas, Spark and
     * Hive skip names that begin with {@code _}.
     */
    public static final String PENDING = "_pending";

    /**
     * Suffix of unpublished files. A leading dot would not hide them, because {@code *.parquet} matches such names in
     * DuckDB.
     */
    public static final String UNPUBLISHED = ".tmp";

    /** Suffix of parts. */
    public static final String PARQUET = ".parquet";

    /** Suffix of hidden parts, so that not even a recursive search for {@code *.parquet} finds them. */
    public static final String HIDDEN = ".hidden";

    private static final Pattern NAME = Pattern.compile("part-(\\d{8,18})-[a-z0-9]+\\.(?:parquet|hidden)");

    private static final long EMPTY_BYTES = 1 << 20;

    private final Path directory;
    private final Path pending;
    private final List<LocalInputFile> files;
    private final List<Part> parts = new ArrayList<>();
    private final List<Part> empty = new ArrayList<>();
    private final Set<Path> superseded = new LinkedHashSet<>();
    private final List<String> damaged = new ArrayList<>();
    private long lastSequence;
    private long changes;
    private boolean isForced = true;

    /**
     * Reads the footers of the parts. The caller holds the lock of the table.
     *
     * @param directory the directory; it may be missing
     * @throws IOException if the directory cannot be listed
     */
    public PartDirectory(Path directory) throws IOException {
        this(directory, PartFiles.list(directory, directory.resolve(PENDING)));
    }

    /**
     * Reads the footers of the parts, and keeps their files open, because the caller does not hold the lock.
     *
     * @param directory the directory; it may be missing
     * @throws IOException if the directory cannot be listed
     */
    public static PartDirectory hold(Path directory) throws IOException {
        return new PartDirectory(directory, PartFiles.hold(directory, directory.resolve(PENDING)));
    }

    private PartDirectory(Path directory, List<LocalInputFile> files) {
        this.directory = directory;
        this.pending = directory.resolve(PENDING);
        this.files = files;
        files.forEach(this::read);
        sort();
    }

    private void read(LocalInputFile file) {
        Matcher name = NAME.matcher(file.file().getFileName().toString());
        long sequence = name.matches() ? Long.parseLong(name.group(1)) : 0;
        lastSequence = Math.max(lastSequence, sequence);
        try {
            add(Part.read(file, sequence));
        } catch (IOException e) {
            damaged.add(DamagedPart.message(file.file(), e));
        }
    }

    private void add(List<Part> sections) {
        sections.forEach(part -> (part.rows() == 0 ? empty : parts).add(part));
    }

    private void sort() {
        parts.sort(Comparator.comparingLong(Part::sequence)
                .thenComparing(Part::file)
                .thenComparing(part -> part.groups().first()));
    }

    /** Returns a message for each part that could not be read: why, and what to do. */
    public synchronized List<String> damaged() {
        return List.copyOf(damaged);
    }

    /** Whether the directory contains no part, not even a damaged one or one without rows. */
    public synchronized boolean isEmpty() {
        return parts.isEmpty() && damaged.isEmpty() && empty.isEmpty();
    }

    /** Returns a copy of the list of parts and sections with rows, oldest first, with the hidden ones. */
    public synchronized List<Part> parts() {
        return List.copyOf(parts);
    }

    /** Returns the parts and sections with rows that other readers see, oldest first. */
    public synchronized List<Part> visible() {
        return parts.stream().filter(part -> !part.isHidden()).toList();
    }

    /** Returns the hidden parts with rows, oldest first. */
    public synchronized List<Part> hidden() {
        return parts.stream().filter(Part::isHidden).toList();
    }

    /** Returns the parts without rows that other readers see. They tell them the columns of a table without rows. */
    public synchronized List<Part> empty() {
        return empty.stream().filter(part -> !part.isHidden()).toList();
    }

    /** Returns the highest number of a part; 0 if there is none. */
    public synchronized long lastSequence() {
        return lastSequence;
    }

    /** Whether every part that other readers see has a column for each column of a schema, even if it is empty. */
    public synchronized boolean haveColumns(TableSchema schema) {
        return parts.stream().filter(part -> !part.isHidden()).allMatch(part -> part.hasColumns(schema.columns()));
    }

    /** Removes a damaged part from the list. Its file stays. */
    public synchronized void skip(Part part) {
        parts.removeIf(other -> other.file().equals(part.file()));
        changes++;
    }

    /** Counts how often parts were added to or removed from the list. */
    public synchronized long changes() {
        return changes;
    }

    /** Creates the file of a new part. */
    synchronized PartFileWriter create(PartFooter footer, long rowGroupBytes) throws IOException {
        create(pending);
        return new PartFileWriter(temporary(footer.run()), footer, rowGroupBytes);
    }

    private Path temporary(String run) {
        return pending.resolve(String.format(Locale.ROOT, "part-%08d-%s%s", ++lastSequence, run, UNPUBLISHED));
    }

    /** Joins files under a temporary name; a single file that has one stays. */
    public synchronized Path join(List<Part> sources) throws IOException {
        if (sources.size() == 1 && sources.get(0).file().toString().endsWith(UNPUBLISHED)) {
            return sources.get(0).file();
        }
        Path to = temporary(sources.get(0).footer().run());
        JoinedPart.write(sources, new LocalOutputFile(to));
        return to;
    }

    /**
     * Publishes finished files as parts: all of them or none. The caller then calls {@link #force}.
     *
     * @param finished the files
     * @param isHidden whether other readers must not see them
     */
    synchronized List<Part> publish(List<PartFileWriter> finished, boolean isHidden) throws IOException {
        List<Part> published = new ArrayList<>();
        try {
            for (PartFileWriter file : finished) {
                Path to = published(file.file(), isHidden);
                Files.move(file.file(), to, StandardCopyOption.ATOMIC_MOVE);
                isForced = false;
                empty.removeIf(part -> part.file().equals(to));
                published.add(file.part(to, sequence(to)));
            }
        } catch (IOException e) {
            for (Part part : published) {
                Files.deleteIfExists(part.file());
            }
            throw e;
        }
        parts.addAll(published);
        sort();
        changes++;
        return published;
    }

    /** The first rows replace the part without rows. */
    private Path published(Path unpublished, boolean isHidden) {
        if (!isHidden && !empty().isEmpty()) {
            return empty().get(0).file();
        }
        return isHidden ? pending.resolve(base(unpublished) + HIDDEN) : named(unpublished);
    }

    private Path named(Path unpublished) {
        return directory.resolve(base(unpublished) + PARQUET);
    }

    private static String base(Path unpublished) {
        String name = unpublished.getFileName().toString();
        return name.substring(0, name.length() - UNPUBLISHED.length());
    }

    /**
     * Publishes a joined file for other readers, instead of hidden parts that contain its rows. The hidden files are
     * deleted later, because a plan may be reading them.
     */
    public synchronized void promote(List<Part> hidden) throws IOException {
        Path file = join(hidden);
        Path to = published(file, false);
        Files.move(file, to, StandardCopyOption.ATOMIC_MOVE);
        isForced = false;
        empty.removeIf(part -> part.file().equals(to));
        hidden.forEach(part -> superseded.add(part.file()));
        parts.removeAll(hidden);
        add(Part.read(new LocalInputFile(to), sequence(to)));
        changes++;
    }

    /**
     * Replaces parts by others with the same names, one by one, last name first: a reader that takes the columns of the
     * first file then finds them in all others. Publishes new parts before that.
     *
     * @param replacements finished files by the path of the part that each of them replaces
     * @param added finished files of new parts
     */
    public synchronized void replace(Map<Path, Path> replacements, List<Path> added) throws IOException {
        TreeMap<Path, Path> moves = new TreeMap<>(replacements);
        for (Path file : added) {
            Path to = published(file, false);
            moves.put(moves.containsKey(to) ? named(file) : to, file);
        }
        for (Map.Entry<Path, Path> move : moves.descendingMap().entrySet()) {
            Path to = move.getKey();
            Files.move(move.getValue(), to, StandardCopyOption.ATOMIC_MOVE);
            isForced = false;
            parts.removeIf(part -> part.file().equals(to));
            empty.removeIf(part -> part.file().equals(to));
            Matcher name = NAME.matcher(to.getFileName().toString());
            add(Part.read(new LocalInputFile(to), name.matches() ? Long.parseLong(name.group(1)) : 0));
            changes++;
        }
        sort();
        force();
    }

    /** Writes an empty part, so that readers of a table without rows find its columns. Replaces an older one. */
    public synchronized void publishEmpty(PartFooter footer) throws IOException {
        Path file = writeEmpty(footer);
        replace(Map.of(published(file, false), file), List.of());
    }

    /** Writes a part without rows under a temporary name. */
    public synchronized Path writeEmpty(PartFooter footer) throws IOException {
        try (PartFileWriter writer = create(footer, EMPTY_BYTES)) {
            writer.finish();
            return writer.file();
        }
    }

    /** Forces renamed files to the disk, unless that has been done. */
    public synchronized void force() throws IOException {
        if (!isForced) {
            force(directory);
            if (Files.isDirectory(pending)) {
                force(pending);
            }
            isForced = true;
        }
    }

    private static long sequence(Path file) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        if (!name.matches()) {
            throw new IllegalStateException("not the name of a part: " + file);
        }
        return Long.parseLong(name.group(1));
    }

    /** Deletes parts. The caller has published their rows in other parts. */
    public synchronized void delete(List<Part> old) throws IOException {
        changes++;
        old.forEach(part -> superseded.add(part.file()));
        parts.removeAll(old);
        deleteSuperseded();
    }

    /**
     * Deletes parts without rows.
     *
     * @param files the parts
     * @param keepsOne whether one stays for readers if there is no other part
     */
    public synchronized void deleteEmpty(Set<Path> files, boolean keepsOne) throws IOException {
        List<Part> old =
                empty.stream().filter(part -> files.contains(part.file())).toList();
        boolean isKept = keepsOne && visible().isEmpty() && !old.isEmpty();
        List<Part> deleted = isKept ? old.subList(1, old.size()) : old;
        empty.removeAll(deleted);
        delete(deleted);
    }

    /** Deletes the hidden files whose rows were promoted. No plan is reading them. */
    public synchronized void deleteSuperseded() throws IOException {
        for (Path file : superseded) {
            Files.deleteIfExists(file);
            isForced = false;
        }
        superseded.clear();
        force();
    }

    /** Deletes unpublished files of killed runs; earlier versions wrote them beside the parts. */
    public void deleteUnpublished() throws IOException {
        for (Path in : List.of(directory, pending)) {
            for (Path file : PartFiles.files(in, UNPUBLISHED)) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Closes the files that are kept open. */
    @Override
    public void close() throws IOException {
        PartFiles.close(files);
    }

    /**
     * Creates a directory that survives a power failure, which requires that its parents are forced to the disk too.
     */
    public static void create(Path directory) throws IOException {
        List<Path> parents = new ArrayList<>();
        Path at = directory.toAbsolutePath();
        for (Path parent = at.getParent(); parent != null && !Files.isDirectory(at); parent = at.getParent()) {
            parents.add(parent);
            at = parent;
        }
        Files.createDirectories(directory);
        for (Path parent : parents) {
            force(parent);
        }
    }

    /** Forces a directory to the disk. Until then, a power failure may undo that a file was created or renamed. */
    public static void force(Path directory) throws IOException {
        DirectorySync.SYSTEM.force(directory);
    }
}
