package org.rowmill.table;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitResult;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Finds the files below a directory that match a pattern. */
final class FileFinder extends SimpleFileVisitor<Path> {

    private final Path root;
    private final Path start;
    private final PathMatcher matcher;
    private final List<Path> found = new ArrayList<>();

    FileFinder(Path root, Path start, PathMatcher matcher) {
        this.root = root;
        this.start = start;
        this.matcher = matcher;
    }

    Stream<Path> found() {
        return found.stream().sorted();
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
        return isHidden(directory) && !directory.equals(start)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        Path relative = root.relativize(file);
        if (attributes.isRegularFile() && !isHidden(file) && matcher.matches(relative)) {
            found.add(relative);
        }
        return FileVisitResult.CONTINUE;
    }

    /** Ignores a link to a directory that contains it, because the files of this directory are found already. */
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
        if (failure instanceof FileSystemLoopException) {
            return FileVisitResult.CONTINUE;
        }
        throw failure;
    }

    private static boolean isHidden(Path path) {
        Path name = path.getFileName();
        return name != null && name.toString().startsWith(".");
    }
}
