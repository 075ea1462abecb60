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
 * The classes of a jar as the JVM laid them out when they were first loaded (class data sharing), kept in the user's cache:
 * a JVM that maps them starts in half the time. The first JVM of a jar writes the archive when it ends, into a file of its
 * own, which becomes the archive when it was worth it. A JVM that cannot use an archive goes on without.
 *
 * @see <a href="https://openjdk.org/jeps/350">JEP 350</a>
 */
public final class ClassArchive {

    private static final String SUFFIX = ".jsa";
    private static final String TEMPORARY = ".jsa-tmp";
    private static final String WANTED = ".wanted";

    /** Tells a JVM that it makes an archive; the consumer knows it too. */
    private static final String FRESH = "rowmill.archive";

    /** A new build of the jar needs a new one, 50 MB each. */
    private static final int KEPT = 6;

    private static final long ABANDONED_MILLIS = 3_600_000;

    private final Path archive;
    private final Path fresh;

    private ClassArchive(Path archive, Path fresh) {
        this.archive = archive;
        this.fresh = fresh;
    }

    /**
     * The archive of a jar for the JDK that runs.
     *
     * @param name tells the archives of one jar apart
     * @param jar as it will stand on the class path; an archive holds for this file only
     */
    public static ClassArchive of(String name, Path jar) throws IOException {
        CRC32 about = new CRC32();
        String text = jar + "|" + Files.size(jar) + "|"
                + Files.getLastModifiedTime(jar).toMillis() + "|" + System.getProperty("java.home") + "|"
                + System.getProperty("java.vm.version");
        about.update(text.getBytes(StandardCharsets.UTF_8));
        String base = name + "-" + Long.toHexString(about.getValue());
        Path cache = UserCache.directory();
        long pid = ProcessHandle.current().pid();
        return new ClassArchive(cache.resolve(base + SUFFIX), cache.resolve(base + "-" + pid + TEMPORARY));
    }

    /** For {@code java}: to use the archive, or to make it. */
    public List<String> options() {
        if (Files.exists(archive)) {
            return List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:disable");
        }
        File cache = archive.getParent().toFile();
        if ((cache.isDirectory() || cache.mkdirs()) && cache.canWrite()) {
            return List.of("-XX:ArchiveClassesAtExit=" + fresh, "-D" + FRESH + "=" + fresh, "-Xlog:disable");
        }
        return List.of();
    }

    /** Says, in a JVM that makes an archive, that it has loaded what the next will need; in vain where the cache is full. */
    public static void want() {
        String making = System.getProperty(FRESH);
        try {
            if (making != null) {
                Files.createFile(Path.of(making + WANTED));
            }
        } catch (IOException e) {
            return;
        }
    }

    /** Whether the JVM that was given {@link #options} makes it. */
    public boolean isBeingMade() {
        return !Files.exists(archive);
    }

    /** After the JVM has ended: keeps what it made if it said so. Where that cannot be, the next one makes it again. */
    public void keepIfWanted() {
        try {
            keep(Files.deleteIfExists(Path.of(fresh + WANTED)));
        } catch (IOException e) {
            return;
        }
    }

    /**
     * After the JVM has ended.
     *
     * @param isWorthIt whether it has loaded what the next will need
     */
    public void keep(boolean isWorthIt) throws IOException {
        if (!isWorthIt || !Files.exists(fresh)) {
            Files.deleteIfExists(fresh);
            return;
        }
        Files.move(fresh, archive, StandardCopyOption.ATOMIC_MOVE);
        prune();
    }

    private void prune() throws IOException {
        File[] all = archive.getParent().toFile().listFiles((directory, name) -> isOurs(name));
        if (all == null) {
            return;
        }
        Arrays.sort(all, (one, other) -> Long.compare(other.lastModified(), one.lastModified()));
        long abandoned = System.currentTimeMillis() - ABANDONED_MILLIS;
        int kept = 0;
        for (File file : all) {
            boolean isArchive = file.getName().endsWith(SUFFIX);
            kept += isArchive ? 1 : 0;
            if (isArchive ? kept > KEPT : file.lastModified() < abandoned) {
                Files.deleteIfExists(file.toPath()); // a JVM that has mapped it keeps it
            }
        }
    }

    private static boolean isOurs(String name) {
        return name.endsWith(SUFFIX) || name.endsWith(TEMPORARY) || name.endsWith(WANTED);
    }
}
