package org.rowmill.schemas.world;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.rowmill.schemas.LocalCommand;

/** Finds the umask of this process, which Java does not know. */
final class Umask {

    /** The most common umask. Used if the system does not report it. */
    static final String USUAL = "0022";

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Pattern IN_STATUS = Pattern.compile("(?m)^Umask:\\s*([0-7]{3,4})$");
    private static final Pattern OCTAL = Pattern.compile("[0-7]{3,4}");
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private Umask() {}

    /** Returns the umask of this process as an octal number, such as 0022. */
    static String current() {
        try {
            String status = Files.isReadable(STATUS) ? Files.readString(STATUS, StandardCharsets.ISO_8859_1) : "";
            Matcher umask = IN_STATUS.matcher(status);
            return umask.find() ? umask.group(1) : ofShell();
        } catch (IOException e) {
            return USUAL;
        }
    }

    /** A child inherits the umask. */
    private static String ofShell() throws IOException {
        String text =
                LocalCommand.run(List.of("/bin/sh", "-c", "umask"), LIMIT).out().strip();
        return OCTAL.matcher(text).matches() ? text : USUAL;
    }
}
