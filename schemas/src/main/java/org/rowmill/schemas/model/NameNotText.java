package org.rowmill.schemas.model;

import java.nio.file.Path;

/** Reports a path whose name is not UTF-8, so that its text does not lead to the file. */
public final class NameNotText extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private final String path;

    NameNotText(Path path) {
        super("the path " + path + " is not UTF-8");
        this.path = path.toString();
    }

    /**
     * Returns the path as Java shows it.
     *
     * @return a text with replacement characters
     */
    public String path() {
        return path;
    }

    /** Returns whether the text of a path leads to the same file. */
    static boolean isText(Path path) {
        return Path.of(path.toString()).equals(path);
    }
}
