package org.rowmill.table;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Collection;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** Helps to write {@link Table#index()}. */
public final class Index {

    /** System property by which Rowmill tells the project's root; without it the working directory is used. */
    private static final String PROJECT = "rowmill.project";

    private Index() {}

    /**
     * Every pair of two collections, the second varying fastest.
     *
     * @param <A> type of the first part
     * @param <B> type of the second part
     * @param <I> the index type, usually a record of the two
     * @param first first parts
     * @param second second parts
     * @param pair makes an index of a pair, such as {@code Case::new}
     * @return the pairs, made as they are read
     */
    public static <A, B, I> Stream<I> cross(
            Collection<? extends A> first, Collection<? extends B> second, BiFunction<? super A, ? super B, ? extends I> pair) {
        Objects.requireNonNull(pair);
        return first.stream().flatMap(a -> second.stream().map(b -> pair.apply(a, b)));
    }

    /**
     * The project's regular files whose path relative to the project matches a glob, sorted by path. Directories whose name
     * starts with a dot are not entered.
     *
     * @param glob a pattern of {@link java.nio.file.FileSystem#getPathMatcher}, such as {@code data/**.txt}
     * @return paths relative to the project
     * @throws IOException when the project cannot be read
     */
    public static Stream<Path> files(String glob) throws IOException {
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
        Path root = project();
        try (Stream<Path> all = Files.find(root, Integer.MAX_VALUE, (path, attributes) -> attributes.isRegularFile())) {
            return all.map(root::relativize)
                    .filter(path -> !isHidden(path) && matcher.matches(path))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    static Path project() {
        return Path.of(System.getProperty(PROJECT, "")).toAbsolutePath().normalize();
    }

    private static boolean isHidden(Path path) {
        for (Path name : path) {
            if (name.toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }
}
