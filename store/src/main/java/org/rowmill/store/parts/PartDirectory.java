package org.rowmill.store.parts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Lists, creates, publishes and deletes the parts in a directory. Thread-safe, because rows are planned while others
 * are published.
 */
public final class PartDirectory {

    /**
     * Suffix of unpublished files. A leading dot would not hide them, because {@code *.parquet} matches such names in
     * DuckDB.
     */
    public static final String UNPUBLISHED = ".tmp";

    /** Suffix of parts. */
    public static final String PARQUET = ".parquet";

    private static final Pattern NAME = Pattern.compile("part-(\\d{8,18})-[a-z0-9]+\\.parquet");

    private final Path directory;
    private final List<Part> parts = new ArrayList<>();
    private final List<String> damaged = new ArrayList<>();
    private long lastSequence;
    private long changes;

    /**
     * Reads the footers of the parts.
     *
     * @param directory the directory; it may be missing
     * @throws IOException if the directory cannot be listed
     */
    public PartDirectory(Path directory) throws IOException {
        this.directory = directory;
        if (Files.isDirectory(directory)) {
            for (Path file : files(PARQUET)) {
                read(file);
            }
            parts.sort(Comparator.comparingLong(Part::sequence).thenComparing(Part::file));
        }
    }

    private void read(Path file) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        long sequence = name.matches() ? Long.parseLong(name.group(1)) : 0;
        lastSequence = Math.max(lastSequence, sequence);
        try {
            parts.add(Part.read(file, sequence));
        } catch (IOException e) {
            damaged.add(DamagedPart.message(file, e));
        }
    }

    /** Returns a message for each part that could not be read: why, and what to do. */
    public synchronized List<String> damaged() {
        return List.copyOf(damaged);
    }

    /** Whether the directory contains no part, not even a damaged one. */
    public synchronized boolean isEmpty() {
        return parts.isEmpty() && damaged.isEmpty();
    }

    /** Returns a copy of the list of parts, oldest first. */
    public synchronized List<Part> parts() {
        return List.copyOf(parts);
    }

    /** Returns the highest number of a part; 0 if there is none. */
    public synchronized long lastSequence() {
        return lastSequence;
    }

    /** Removes a damaged part from the list. Its file stays. */
    public synchronized void skip(Part part) {
        parts.remove(part);
        changes++;
    }

    /** Counts how often parts were added to or removed from the list. */
    public synchronized long changes() {
        return changes;
    }

    /** Creates the file of a new part. */
    synchronized PartFileWriter create(PartFooter footer, long rowGroupBytes) throws IOException {
        create(directory);
        String name = String.format(Locale.ROOT, "part-%08d-%s%s", ++lastSequence, footer.run(), PARQUET);
        return new PartFileWriter(directory.resolve(name + UNPUBLISHED), footer, rowGroupBytes);
    }

    /** Publishes finished files as parts: all of them or none. */
    synchronized List<Part> publish(List<PartFileWriter> finished) throws IOException {
        if (finished.isEmpty()) {
            return List.of();
        }
        List<Part> published = new ArrayList<>();
        try {
            for (PartFileWriter file : finished) {
                String name = file.file().getFileName().toString();
                Path to = directory.resolve(name.substring(0, name.length() - UNPUBLISHED.length()));
                Files.move(file.file(), to, StandardCopyOption.ATOMIC_MOVE);
                published.add(new Part(to, sequence(to), file.rows(), file.rawBytes(), file.footer()));
            }
            force(directory);
        } catch (IOException e) {
            for (Part part : published) {
                Files.deleteIfExists(part.file());
            }
            throw e;
        }
        parts.addAll(published);
        changes++;
        return published;
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
        for (Part part : old) {
            Files.deleteIfExists(part.file());
            parts.remove(part);
        }
        if (!old.isEmpty()) {
            force(directory);
        }
    }

    /** Deletes unpublished files of killed runs. */
    public void deleteUnpublished() throws IOException {
        if (Files.isDirectory(directory)) {
            for (Path file : files(UNPUBLISHED)) {
                Files.deleteIfExists(file);
            }
        }
    }

    private List<Path> files(String suffix) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(file -> file.getFileName().toString().endsWith(suffix))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        }
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
