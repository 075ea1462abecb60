package org.rowmill.producer.project;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The Java sources of a project that are symbolic links: whoever changes their targets changes the sources. */
public final class SourceLinks {

    private SourceLinks() {}

    /**
     * Returns the sources that are links, as absolute paths.
     *
     * @param root the root directory of the project
     * @param directories the directories of sources that the user names; empty: by convention
     */
    public static List<Path> of(Path root, List<Path> directories) throws IOException {
        return ProjectSources.of(root, directories).files().stream()
                .filter(Files::isSymbolicLink)
                .toList();
    }
}
