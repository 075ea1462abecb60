package org.rowmill.table;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitResult;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the files below a directory that match a pattern. Skips what vanishes while it is listed, what may not be read,
 * and names that no text can represent.
 */
final class FileFinder extends SimpleFileVisitor<Path> {

    private final Path root;
    private final Path start;
    private final PathMatcher matcher;
    private final List<Path> found = new ArrayList<>();
    private final Skipped unreadable = new Skipped();
    private final Skipped unnamable = new Skipped();

    FileFinder(Path root, Path start, PathMatcher matcher) {
        this.root = root;
        this.start = start;
        this.matcher = matcher;
    }

    /** Counts what is skipped for one reason. */
    private static final class Skipped {
        private int count;
        private String first = "";

        void add(String name) {
            if (count++ == 0) {
                first = name;
            }
        }
    }

    Stream<Path> found() {
        return found.stream().sorted();
    }

    /** Describes what was skipped, with its number and one name; empty: nothing was. */
    Optional<String> skipped() {
        List<String> reasons = new ArrayList<>();
        if (unreadable.count > 0) {
            reasons.add(unreadable.count + " files or directories that vanished or cannot be read, such as "
                    + unreadable.first);
        }
        if (unnamable.count > 0) {
            reasons.add(unnamable.count + " names that are not UTF-8, such as " + unnamable.first
                    + " (to use such files, rename them, for example with convmv)");
        }
        return reasons.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", reasons));
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
        if (isHidden(directory) && !directory.equals(start)) {
            return FileVisitResult.SKIP_SUBTREE;
        }
        if (!isText(root.relativize(directory))) {
            unnamable.add(root.relativize(directory).toString());
            return FileVisitResult.SKIP_SUBTREE;
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        Path relative = root.relativize(file);
        if (attributes.isRegularFile() && !isHidden(file) && matcher.matches(relative)) {
            if (isText(relative)) {
                found.add(relative);
            } else {
                unnamable.add(relative.toString());
            }
        }
        return FileVisitResult.CONTINUE;
    }

    /** Ignores a link to a directory that contains it, because the files of this directory are found already. */
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) {
        if (!(failure instanceof FileSystemLoopException)) {
            skip(file, failure);
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) {
        if (failure != null) {
            skip(directory, failure);
        }
        return FileVisitResult.CONTINUE;
    }

    private void skip(Path path, IOException failure) {
        unreadable.add(root.relativize(path) + " (" + failure.getClass().getSimpleName() + ")");
    }

    /** The index is stored as text, which must lead to the same file. */
    private static boolean isText(Path path) {
        try {
            return Path.of(path.toString()).equals(path);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static boolean isHidden(Path path) {
        Path name = path.getFileName();
        return name != null && name.toString().startsWith(".");
    }
}
