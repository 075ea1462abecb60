package org.rowmill.producer.rundir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads text that others wrote: the JVM (its reports of crashes name files and environment variables in any encoding),
 * and programs that rows run. The methods of {@link Files} fail at the first byte that is not UTF-8.
 */
public final class LenientText {

    private LenientText() {}

    /** Opens a file. Bytes that are not UTF-8 are read as the replacement character. */
    public static BufferedReader reader(Path file) throws IOException {
        return new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8));
    }
}
