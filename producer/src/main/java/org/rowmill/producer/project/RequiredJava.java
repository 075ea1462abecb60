package org.rowmill.producer.project;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.rowmill.producer.options.RunOptions;

/**
 * The oldest Java that can load all classes of a project.
 *
 * @param feature its version, such as 21
 * @param reason the jar or directory that needs it, relative to the project; empty if every supported Java can
 */
public record RequiredJava(int feature, String reason) {

    private static final int MAGIC = 0xcafebabe;

    /** The lower half of a version; the upper half marks preview features. */
    private static final int MAJOR = 0xffff;

    /** Java 17 has version 61 of the class file format. */
    private static final int FIRST_VERSION = 44;

    /** Returns whether the Java of this process is new enough. */
    boolean isHere() {
        return feature <= Runtime.version().feature();
    }

    /**
     * Reads the versions of all class files, except those that a jar has for a newer Java only.
     *
     * @param root the root directory of the project
     * @param classPath jars and directories
     */
    static RequiredJava of(Path root, List<Path> classPath) throws IOException {
        RequiredJava required = new RequiredJava(RunOptions.Code.OLDEST_RELEASE, "");
        for (Path path : classPath) {
            int feature = (Files.isDirectory(path) ? ofDirectory(path) : ofJar(path)) - FIRST_VERSION;
            if (feature > required.feature()) {
                required = new RequiredJava(feature, root.relativize(path).toString());
            }
        }
        return required;
    }

    private static int ofDirectory(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(directory)) {
            all.filter(file -> isClass(directory.relativize(file).toString())).forEach(files::add);
        }
        int highest = 0;
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                highest = Math.max(highest, version(in));
            }
        }
        return highest;
    }

    private static int ofJar(Path jar) throws IOException {
        int highest = 0;
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                if (isClass(entry.getName())) {
                    try (InputStream in = zip.getInputStream(entry)) {
                        highest = Math.max(highest, version(in));
                    }
                }
            }
        } catch (ZipException e) {
            return 0; // whoever loads a class from it reports it
        }
        return highest;
    }

    /** A multi-release jar has classes for a newer Java below META-INF; module-info is not loaded. */
    private static boolean isClass(String name) {
        return name.endsWith(".class") && !name.startsWith("META-INF/") && !name.endsWith("module-info.class");
    }

    private static int version(InputStream in) throws IOException {
        byte[] start = in.readNBytes(2 * Integer.BYTES);
        ByteBuffer numbers = ByteBuffer.wrap(start);
        return start.length == 2 * Integer.BYTES && numbers.getInt() == MAGIC ? numbers.getInt() & MAJOR : 0;
    }
}
