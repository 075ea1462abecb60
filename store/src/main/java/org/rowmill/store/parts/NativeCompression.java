package org.rowmill.store.parts;

import com.github.luben.zstd.util.Native;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Loads the native code of ZSTD, which is unpacked into a directory first. The directory must be writable, have space,
 * and permit programs (no {@code noexec}). Thread-safe.
 */
public final class NativeCompression {

    private static final String TEMPORARY = "java.io.tmpdir";

    private NativeCompression() {}

    /**
     * Loads the code from the first directory that is usable. Does nothing after the first success.
     *
     * @param directories where to try it, in this order
     * @return the directory
     * @throws IOException if no directory is usable; the message names each and why
     */
    public static synchronized Path load(List<Path> directories) throws IOException {
        List<String> faults = new ArrayList<>();
        for (Path directory : directories) {
            try {
                if (!Native.isLoaded()) {
                    Native.load(directory.toFile());
                }
                return directory;
            } catch (LinkageError e) {
                faults.add(directory + ": " + reason(e));
            }
        }
        throw new IOException(String.join("; ", faults));
    }

    /** Loads the code, if nobody has, from the temporary directory or the home directory. */
    static void require() throws IOException {
        if (!Native.isLoaded()) {
            load(List.of(
                    Path.of(System.getProperty(TEMPORARY)),
                    Path.of(System.getProperty("user.home"), ".cache"),
                    Path.of(System.getProperty("user.home"))));
        }
    }

    /** The first line says what the system says. */
    private static String reason(LinkageError e) {
        Set<String> lines = new LinkedHashSet<>();
        String.valueOf(e.getMessage())
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .forEach(lines::add);
        return lines.isEmpty() ? e.toString() : lines.iterator().next();
    }
}
