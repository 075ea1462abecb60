package org.rowmill.producer.project;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Java files below a project that are no sources of it, for messages.
 *
 * @param sources the sources
 * @param files the other Java files
 */
record LeftOutSources(ProjectSources sources, List<Path> files) {

    private static final String JAVA = ".java";
    private static final int SHOWN = 3;

    LeftOutSources {
        files = List.copyOf(files);
    }

    /** Searches the project once more. */
    static LeftOutSources of(ProjectSources sources) throws IOException {
        return new LeftOutSources(sources, sources.leftOut());
    }

    /** Returns the simple name of the class that a file should contain. */
    static String type(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - JAVA.length());
    }

    /** Returns the message on the file that should contain a class; empty: there is none. */
    Optional<String> text(String type) {
        return files.stream()
                .filter(file -> type(file).equals(type))
                .findFirst()
                .map(this::text);
    }

    /** Returns why a file is no source, and how to make it one. */
    String text(Path file) {
        Path name = sources.root().relativize(file);
        return name + ": this file is no source of the project, because its directory is not that of its package. "
                + PackageLine.of(file)
                        .flatMap(line -> top(Optional.ofNullable(name.getParent()), line))
                        .map(top -> "Name the directory of its sources: --sources " + withOthers(top) + " (sources="
                                + withOthers(top) + " in rowmill.properties)")
                        .orElse("Move it to the directory of its package");
    }

    /** The option replaces the default, for which the point stands. */
    private String withOthers(Path top) {
        return sources.files().isEmpty() ? top.toString() : ".," + top;
    }

    /** Returns the directory below which a package begins; empty: the package does not end the path. */
    private static Optional<Path> top(Optional<Path> directory, String line) {
        if (line.isEmpty() || directory.isEmpty()) {
            return directory;
        }
        Path path = Path.of(line.replace('.', '/'));
        int names = directory.get().getNameCount() - path.getNameCount();
        return names > 0 && directory.get().endsWith(path)
                ? Optional.of(directory.get().subpath(0, names))
                : Optional.empty();
    }

    /** Returns one line on all files. */
    String summary() {
        return files.size() + (files.size() == 1 ? " Java file is no source" : " Java files are no sources")
                + " of the project (--sources names directories of sources): "
                + files.stream()
                        .limit(SHOWN)
                        .map(file -> sources.root().relativize(file).toString())
                        .collect(Collectors.joining(", "))
                + (files.size() > SHOWN ? ", ..." : "");
    }
}
