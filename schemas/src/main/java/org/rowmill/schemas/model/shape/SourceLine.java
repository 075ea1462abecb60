package org.rowmill.schemas.model.shape;

/**
 * A line of a source file.
 *
 * @param file name without directories
 * @param line from 1; 0: unknown
 */
public record SourceLine(String file, int line) {
    @Override
    public String toString() {
        return line > 0 ? file + ":" + line : file;
    }
}
