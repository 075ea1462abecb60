package org.rowmill.producer.cache;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import org.rowmill.schemas.ProcessLock;

/**
 * The archive of the loaded classes of a jar (class data sharing), in the user's cache. With an archive, a JVM starts
 * in half the time. The first JVM of a jar writes a list of the classes that it loads, which costs nothing; if it did
 * what the next one will do, the list is kept. {@link ClassArchiveMaker} makes the archive of the list during a later
 * run. A JVM that cannot use the archive starts without it.
 *
 * @see <a href="https://openjdk.org/jeps/310">JEP 310</a>
 */
public final class ClassArchive {

    private static final String SUFFIX = ".jsa";
    private static final String LIST = ".classes";
    private static final String TEMPORARY = ".classes-tmp";
    private static final String COMPLETE = ".complete";
    private static final String BEING_MADE = ".jsa-tmp";
    private static final String FAILED = ".jsa-failed";

    /** System property of a JVM that writes a list: the temporary file. */
    private static final String TEMPORARY_PROPERTY = "rowmill.archive";

    /** Each build of the jar needs its own archive of 15 to 90 MB. */
    private static final int ARCHIVES_KEPT = 6;

    private static final long ABANDONED_MILLIS = 3_600_000;

    /** An archive that could not be made is not tried again for this long; the next JDK or jar has another one. */
    private static final long FAILED_MILLIS = 86_400_000;

    private final Path cache;
    private final Path jar;
    private final Path archive;
    private final Path list;
    private final Path failed;
    private final Path temporary;
    private final Path beingMade;

    private ClassArchive(Path cache, String base, Path jar) throws IOException {
        this.cache = cache;
        this.jar = jar;
        this.archive = cache.resolve(base + SUFFIX);
        this.list = cache.resolve(base + LIST);
        this.failed = cache.resolve(base + FAILED);
        // Computers may share the home, and have processes with the same number.
        String process = ProcessHandle.current().pid() + "-"
                + Integer.toHexString(ProcessLock.host().hashCode());
        this.temporary = cache.resolve(base + "-" + process + TEMPORARY);
        this.beingMade = cache.resolve(base + "-" + process + BEING_MADE);
    }

    /**
     * Returns the archive of a jar for the current JDK.
     *
     * @param name distinguishes several archives of one jar
     * @param jar the jar as on the class path; an archive is valid for this file only
     */
    public static ClassArchive of(String name, Path jar) throws IOException {
        return of(name, jar, UserCache.directory());
    }

    static ClassArchive of(String name, Path jar, Path cache) throws IOException {
        CRC32 checksum = new CRC32();
        String text = jar + "|" + Files.size(jar) + "|"
                + Files.getLastModifiedTime(jar).toMillis() + "|" + System.getProperty("java.home") + "|"
                + System.getProperty("java.vm.version");
        checksum.update(text.getBytes(StandardCharsets.UTF_8));
        return new ClassArchive(cache, name + "-" + Long.toHexString(checksum.getValue()), jar);
    }

    /** Returns the archive of the jar of this JVM; empty: its classes come from elsewhere. */
    public static Optional<ClassArchive> ofHead() throws IOException {
        Path jar = Path.of(System.getProperty("java.class.path"));
        return Files.isRegularFile(jar) ? Optional.of(of("head", jar)) : Optional.empty();
    }

    /** Returns the options of {@code java} that use the archive, or write the list of classes for it. */
    public List<String> options() {
        if (Files.exists(archive)) {
            return List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:disable");
        }
        if (!isListed()) {
            return List.of();
        }
        File directory = cache.toFile();
        if ((directory.isDirectory() || directory.mkdirs()) && directory.canWrite()) {
            return List.of(
                    "-XX:DumpLoadedClassList=" + temporary,
                    "-D" + TEMPORARY_PROPERTY + "=" + temporary,
                    "-Xlog:disable");
        }
        return List.of();
    }

    /** In a JVM that writes a list: marks the list as complete. If the cache is full, a later JVM writes the list. */
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

    /** Returns whether a JVM with these {@link #options} writes the list of classes. */
    public boolean isListed() {
        return !Files.exists(archive) && !Files.exists(list) && !hasFailed();
    }

    private boolean hasFailed() {
        return failed.toFile().lastModified() > System.currentTimeMillis() - FAILED_MILLIS;
    }

    /** Keeps the list of a JVM that has ended if it is complete. If that fails, a later JVM writes the list. */
    public void keepIfComplete() {
        try {
            keep(Files.deleteIfExists(Path.of(temporary + COMPLETE)));
        } catch (IOException e) {
            return;
        }
    }

    /**
     * Keeps or deletes the list of a JVM that has ended.
     *
     * @param isComplete whether the JVM loaded the classes that the next one needs
     */
    public void keep(boolean isComplete) throws IOException {
        if (!isComplete || !Files.exists(temporary)) {
            Files.deleteIfExists(temporary);
            return;
        }
        Files.move(temporary, list, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Returns whether the archive can be made now. */
    boolean canBeMade() {
        return Files.exists(list) && !Files.exists(archive);
    }

    /** Returns a file of its own for each attempt to make the archive. */
    Path attempt() {
        return beingMade;
    }

    /** Returns the command that makes the archive from the list. */
    List<String> makeCommand(Path made) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:dump",
                "-XX:SharedClassListFile=" + list,
                "-XX:SharedArchiveFile=" + made,
                "-XX:TieredStopAtLevel=1",
                "-Xlog:disable",
                "-Xlog:all=error",
                "-cp",
                jar.toString());
    }

    /** Puts a made archive in its place. */
    void publish(Path made) throws IOException {
        Files.move(made, archive, StandardCopyOption.ATOMIC_MOVE);
        Files.deleteIfExists(list);
        prune();
    }

    /** Notes that no archive can be made from the list. */
    void fail() throws IOException {
        Files.deleteIfExists(list);
        Files.deleteIfExists(failed);
        Files.createFile(failed);
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
        return name.endsWith(SUFFIX)
                || name.endsWith(TEMPORARY)
                || name.endsWith(COMPLETE)
                || name.endsWith(BEING_MADE)
                || name.endsWith(FAILED)
                || name.endsWith(LIST);
    }
}
