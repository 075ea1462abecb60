package org.rowmill.producer.project;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the package line of a Java file. */
final class PackageLine {

    /** A licence may precede the package line. */
    private static final int MOST_BYTES = 64 << 10;

    private static final Pattern LINE = Pattern.compile(
            "(?:@[\\w.]+(?:\\([^)]*\\))?\\s*)*+package\\s+([\\w$\\s.\\P{ASCII}]+?)\\s*;.*", Pattern.DOTALL);

    private PackageLine() {}

    /**
     * Reads the package of a Java file.
     *
     * @param file the file
     * @return the package; an empty text is the unnamed package; empty: the file cannot be read
     */
    static Optional<String> of(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.of(of(new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8)));
        } catch (IOException e) { // for example data that this user may not read
            return Optional.empty();
        }
    }

    /** Returns the package of a source; an empty text if it has no package line. */
    static String of(String source) {
        Matcher line = LINE.matcher(withoutComments(source));
        return line.matches() ? line.group(1).replaceAll("\\s", "") : "";
    }

    /** Removes comments up to the first declaration, and white space before it. */
    private static String withoutComments(String source) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < source.length()) {
            if (source.startsWith("/*", at)) {
                int end = source.indexOf("*/", at + 2);
                at = end < 0 ? source.length() : end + 2;
            } else if (source.startsWith("//", at)) {
                int end = source.indexOf('\n', at);
                at = end < 0 ? source.length() : end;
            } else if (source.charAt(at) == ';' || source.charAt(at) == '{') {
                return text.append(';').toString().strip();
            } else {
                char next = source.charAt(at++);
                text.append(next == '\uFEFF' ? ' ' : next);
            }
        }
        return text.toString().strip();
    }
}
