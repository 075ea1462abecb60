package org.rowmill.producer.launch;

import java.nio.file.Path;

/** What a JVM that the launcher has started knows from it. */
public final class Launched {

    /** System property: the directory in which the user called the command. */
    static final String CALLER = "rowmill.caller";

    private Launched() {}

    /**
     * Resolves a path of the command line or the environment. It is relative to the directory in which the user called
     * the command, not to the current directory of this JVM, which is the project.
     */
    public static Path resolve(Path path) {
        String caller = System.getProperty(CALLER);
        return caller == null || path.isAbsolute() ? path : Path.of(caller).resolve(path);
    }
}
