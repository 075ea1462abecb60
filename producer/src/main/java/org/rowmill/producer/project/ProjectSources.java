package org.rowmill.producer.project;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The Java sources of a project.
 *
 * @param files absolute paths, in the same order on every computer
 */
record ProjectSources(List<Path> files) {

    /** Directories of build results, data, libraries and tests. */
    private static final Set<Path> NOT_SOURCES =
            Set.of(Path.of("target"), Path.of("build"), Path.of("tables"), Path.of("lib"), Path.of("src/test"));

    ProjectSources {
        files = files.stream().sorted().toList();
    }

    /** Finds {@code *.java} at any depth, except in hidden directories and directories of builds, data and tests. */
    static ProjectSources of(Path root) throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                Path relative = root.relativize(directory);
                boolean isHidden = relative.getFileName().toString().startsWith(".");
                return isHidden || NOT_SOURCES.contains(relative)
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String name = file.getFileName().toString();
                if (name.endsWith(".java") && !name.startsWith(".") && !name.equals("module-info.java")) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE; // for example a data directory that this user may not read
            }
        });
        return new ProjectSources(files);
    }
}
