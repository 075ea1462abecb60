package org.rowmill.producer.project;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javax.lang.model.SourceVersion;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.WrongInput;

/**
 * The Java sources of a project. A project may contain other Java files: data, tests, or other projects.
 *
 * <p>Without directories that the user names, the sources are the files at the top, the files in directories that match
 * their package line, and all files in {@code src/main/java}. Without {@code src/main/java}, {@code src} is searched
 * like the top.
 *
 * @param root the root directory of the project
 * @param files absolute paths, in the same order on every computer
 */
record ProjectSources(Path root, List<Path> files) {

    /** Directories of build results, results, libraries and packages of JavaScript, at the top. */
    private static final Set<String> NOT_SOURCES = Set.of("target", "build", "out", "tables", "lib", "node_modules");

    private static final String SRC = "src";
    private static final String MAIN = "src/main/java";

    ProjectSources {
        files = files.stream().sorted().toList();
    }

    /**
     * Finds the sources.
     *
     * @param root the root directory of the project
     * @param directories directories whose Java files are sources, relative to the project; the project itself stands
     *     for the convention; empty: by convention
     * @throws WrongInput if a directory does not exist
     */
    static ProjectSources of(Path root, List<Path> directories) throws IOException {
        Set<Path> files = new TreeSet<>();
        for (Path directory : directories.isEmpty() ? List.of(root) : directories) {
            Path top = checked(root, directory);
            if (top.equals(root)) {
                addByConvention(root, files);
            } else {
                addAll(root, top, files);
            }
        }
        return new ProjectSources(root, List.copyOf(files));
    }

    private static void addByConvention(Path root, Set<Path> files) throws IOException {
        addPackages(root, root, files);
        Path main = root.resolve(MAIN);
        if (Files.isDirectory(main)) {
            addAll(root, main, files);
        } else if (Files.isDirectory(root.resolve(SRC))) {
            addPackages(root, root.resolve(SRC), files);
        }
    }

    private static Path checked(Path root, Path directory) {
        Path path = root.resolve(directory).normalize();
        if (!Files.isDirectory(path)) {
            throw new WrongInput("--sources " + directory + ": a directory of Java files was expected, but " + path
                    + (Files.exists(path) ? " is a file" : " does not exist") + ". Paths are relative to the project");
        }
        return path;
    }

    /** Finds Java files below the project that are no sources, in a second search of the project. */
    List<Path> leftOut() throws IOException {
        Set<Path> sources = new HashSet<>(files);
        Set<Path> others = new TreeSet<>();
        search(root, directory -> isSearched(root, directory) && !Files.isSymbolicLink(directory), file -> {
            if (!sources.contains(file)) {
                others.add(file);
            }
        });
        return List.copyOf(others);
    }

    /** Adds all Java files below a directory. */
    private static void addAll(Path root, Path top, Set<Path> files) throws IOException {
        search(top, directory -> isSearched(root, directory), files::add);
    }

    /** Adds the Java files at the top, and those in directories that match their package line. */
    private static void addPackages(Path root, Path top, Set<Path> files) throws IOException {
        Predicate<Path> isPackage = directory -> isSearched(root, directory)
                && !directory.equals(root.resolve(SRC))
                && !Files.isSymbolicLink(directory) // the data of a project is often a link to a large directory
                && SourceVersion.isName(packageOf(top, directory));
        search(top, isPackage, file -> {
            String expected = packageOf(top, file.resolveSibling(""));
            if (expected.isEmpty()
                    || PackageLine.of(file).filter(expected::equals).isPresent()) {
                files.add(file);
            }
        });
    }

    private static String packageOf(Path top, Path directory) {
        return top.relativize(directory).toString().replace('/', '.');
    }

    private static boolean isSearched(Path root, Path directory) {
        String name = directory.getFileName().toString();
        return !name.startsWith(".") && !(root.equals(directory.getParent()) && NOT_SOURCES.contains(name));
    }

    private static void search(Path top, Predicate<Path> isSearched, Consumer<Path> files) throws IOException {
        Files.walkFileTree(
                top,
                EnumSet.of(FileVisitOption.FOLLOW_LINKS),
                Integer.MAX_VALUE,
                new Search(directory -> directory.equals(top) || isSearched.test(directory), files));
    }

    /** Passes the Java files of a directory on. It survives files and directories that vanish or may not be read. */
    private static final class Search extends SimpleFileVisitor<Path> {

        private final Predicate<Path> isSearched;
        private final Consumer<Path> files;

        Search(Predicate<Path> isSearched, Consumer<Path> files) {
            this.isSearched = isSearched;
            this.files = files;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return isSearched.test(directory) ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = file.getFileName().toString();
            if (name.endsWith(".java")
                    && !name.startsWith(".")
                    && !name.equals("module-info.java")
                    && Files.isRegularFile(file)) {
                files.accept(file);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) {
            return FileVisitResult.CONTINUE;
        }
    }
}
