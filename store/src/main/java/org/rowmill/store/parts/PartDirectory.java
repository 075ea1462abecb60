package org.rowmill.store.parts;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The parts in a directory, oldest first, and how they come and go. Thread-safe: rows are planned while others are published. */
public final class PartDirectory {

    /** DuckDB's {@code *.parquet} matches names with a leading dot too, so what is not published ends otherwise. */
    public static final String UNPUBLISHED = ".tmp";

    /** How names of parts end. */
    public static final String PARQUET = ".parquet";

    private static final Pattern NAME = Pattern.compile("part-(\\d{8,18})-[a-z0-9]+\\.parquet");

    private final Path directory;
    private final List<Part> parts = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();
    private long lastSequence;
    private long changes;

    /**
     * Reads the footers of the parts.
     *
     * @param directory need not exist
     * @throws IOException when it cannot be listed
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
            broken.add(DamagedPart.message(file, e));
        }
    }

    /** Of the files that end in .parquet those that cannot be read, each with what to do. */
    public synchronized List<String> broken() {
        return List.copyOf(broken);
    }

    /** A copy. */
    public synchronized List<Part> parts() {
        return List.copyOf(parts);
    }

    /** The highest number that a part has. */
    public synchronized long lastSequence() {
        return lastSequence;
    }

    /** Takes a part that turned out to be broken off the list; its file stays. */
    public synchronized void disregard(Part part) {
        parts.remove(part);
        changes++;
    }

    /** How often parts have come or gone. */
    public synchronized long changes() {
        return changes;
    }

    /** Opens the file of a part to be. */
    synchronized PartFileWriter create(PartFooter footer, long rowGroupBytes) throws IOException {
        make(directory);
        String name = String.format(Locale.ROOT, "part-%08d-%s%s", ++lastSequence, footer.run(), PARQUET);
        return new PartFileWriter(directory.resolve(name + UNPUBLISHED), footer, rowGroupBytes);
    }

    /** Makes parts of finished files, all or none of them. */
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
            throw new IllegalStateException("no name of a part: " + file);
        }
        return Long.parseLong(name.group(1));
    }

    /** Deletes parts whose rows stand elsewhere. */
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

    /** Removes what runs that died did not publish. */
    public void sweep() throws IOException {
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

    /** Makes a directory that outlives a power failure: it may be lost like a file until those above it are on the disk. */
    public static void make(Path directory) throws IOException {
        List<Path> missing = new ArrayList<>();
        for (Path at = directory.toAbsolutePath(); at != null && !Files.isDirectory(at); at = at.getParent()) {
            missing.add(at);
        }
        Files.createDirectories(directory);
        for (Path made : missing) {
            force(made.getParent());
        }
    }

    /** A renamed file may be lost with the power until its directory is on the disk too. */
    public static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
