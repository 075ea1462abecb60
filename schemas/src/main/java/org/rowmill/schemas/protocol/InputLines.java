package org.rowmill.schemas.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Reads lines of ASCII text from the standard input of a consumer. */
final class InputLines {

    private InputLines() {}

    /**
     * Reads one line, byte by byte: a {@code BufferedReader} would also take bytes of the lines that follow.
     *
     * @return the line without its end; empty if the input ends before the line does
     */
    static Optional<String> next(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                return Optional.empty();
            }
            line.append((char) next);
        }
        return Optional.of(line.toString());
    }
}
