package org.rowmill.producer.cache;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/**
 * The archive of the loaded classes of a jar (class data sharing), in the user's cache. With an archive, a JVM starts
 * in half the time. The first JVM of a jar writes a temporary file when it ends, which becomes the archive if that JVM
 * loaded enough classes. A JVM that cannot use the archive starts without it.
 *
 * @see <a href="https://openjdk.org/jeps/350">JEP 350</a>
 */
public final class ClassArchive {

    private static final String SUFFIX = ".jsa";
    private static final String TEMPORARY = ".jsa-tmp";
    private static final String COMPLETE = ".complete";

    /** System property of a JVM that writes an archive: the temporary file. The consumer reads it, too. */
    private static final String TEMPORARY_PROPERTY = "rowmill.archive";

    /** Each build of the jar needs its own archive of 50 MB. */
    private static final int ARCHIVES_KEPT = 6;

    private static final long ABANDONED_MILLIS = 3_600_000;

    private final Path cache;
    private final Path archive;
    private final Path temporary;

    private ClassArchive(Path cache, String base) {
        this.cache = cache;
        this.archive = cache.resolve(base + SUFFIX);
        this.temporary = cache.resolve(base + "-" + ProcessHandle.current().pid() + TEMPORARY);
    }

    /**
     * Returns the archive of a jar for the current JDK.
     *
     * @param name distinguishes several archives of one jar
     * @param jar the jar as on the class path; an archive is valid for this file only
     */
    public static ClassArchive of(String name, Path jar) throws IOException {
        CRC32 checksum = new CRC32();
        String text = jar + "|" + Files.size(jar) + "|"
                + Files.getLastModifiedTime(jar).toMillis() + "|" + System.getProperty("java.home") + "|"
                + System.getProperty("java.vm.version");
        checksum.update(text.getBytes(StandardCharsets.UTF_8));
        return new ClassArchive(UserCache.directory(), name + "-" + Long.toHexString(checksum.getValue()));
    }

    /** Returns the options of {@code java} that use the archive or write it. */
    public List<String> options() {
        if (Files.exists(archive)) {
            return List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:disable");
        }
        File directory = cache.toFile();
        if ((directory.isDirectory() || directory.mkdirs()) && directory.canWrite()) {
            return List.of(
                    "-XX:ArchiveClassesAtExit=" + temporary,
                    "-D" + TEMPORARY_PROPERTY + "=" + temporary,
                    "-Xlog:disable");
        }
        return List.of();
    }

    /**
     * In a JVM that writes an archive: marks the archive as complete. If the cache is full, a later JVM writes the
     * archive.
     */
    public static void markComplete() {
        String file = System.getProperty(TEMPORARY_PROPERTY);
        try {
            if (file != null) {
                Files.createFile(Path.of(file + COMPLETE));
            }
        } catch (IOException e) {
            return;
        }
    }

    /** Returns whether a JVM with these {@link #options} writes the archive. */
    public boolean isBeingMade() {
        return !Files.exists(archive);
    }

    /**
     * Publishes the archive of a JVM that has ended if it is complete. If that fails, a later JVM writes the archive.
     */
    public void publishIfComplete() {
        try {
            keep(Files.deleteIfExists(Path.of(temporary + COMPLETE)));
        } catch (IOException e) {
            return;
        }
    }

    /**
     * Publishes or deletes the archive of a JVM that has ended.
     *
     * @param isComplete whether the JVM loaded the classes that the next one needs
     */
    public void keep(boolean isComplete) throws IOException {
        if (!isComplete || !Files.exists(temporary)) {
            Files.deleteIfExists(temporary);
            return;
        }
        Files.move(temporary, archive, StandardCopyOption.ATOMIC_MOVE);
        prune();
    }

    private void prune() throws IOException {
        File[] all = cache.toFile().listFiles((directory, name) -> isOurs(name));
        if (all == null) {
            return;
        }
        Arrays.sort(all, (one, other) -> Long.compare(other.lastModified(), one.lastModified()));
        long abandoned = System.currentTimeMillis() - ABANDONED_MILLIS;
        int kept = 0;
        for (File file : all) {
            boolean isArchive = file.getName().endsWith(SUFFIX);
            kept += isArchive ? 1 : 0;
            if (isArchive ? kept > ARCHIVES_KEPT : file.lastModified() < abandoned) {
                Files.deleteIfExists(file.toPath()); // a JVM that uses it is not disturbed
            }
        }
    }

    private static boolean isOurs(String name) {
        return name.endsWith(SUFFIX) || name.endsWith(TEMPORARY) || name.endsWith(COMPLETE);
    }
}
