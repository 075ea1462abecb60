package org.rowmill.table;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
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
            Collection<? extends A> first,
            Collection<? extends B> second,
            BiFunction<? super A, ? super B, ? extends I> pair) {
        Objects.requireNonNull(pair);
        return first.stream().flatMap(a -> second.stream().map(b -> pair.apply(a, b)));
    }

    /**
     * The project's regular files whose path relative to the project matches a glob, sorted by path. Symbolic links are
     * followed. Files and directories whose name begins with a dot are left out, unless the glob begins with their names.
     *
     * @param glob a pattern of {@link java.nio.file.FileSystem#getPathMatcher}, such as {@code data/*.txt}, or
     *     {@code data/**.txt} for all levels below
     * @return paths relative to the project; none when there is no such directory
     * @throws IOException when a directory cannot be read
     * @throws IllegalArgumentException when the glob is absolute, leaves the project with {@code ..}, or is malformed
     */
    public static Stream<Path> files(String glob) throws IOException {
        if (glob.startsWith("/") || List.of(glob.split("/")).contains("..")) {
            throw new IllegalArgumentException(
                    "a glob relative to the project was expected, such as data/**.txt, not " + glob);
        }
        Path root = project();
        Path start = root.resolve(fixedPart(glob));
        FileFinder finder = new FileFinder(root, start, FileSystems.getDefault().getPathMatcher("glob:" + glob));
        if (Files.isDirectory(start)) {
            Files.walkFileTree(start, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, finder);
        }
        return finder.found();
    }

    /** The directories a glob names without a wildcard; what lies beside them is not even listed. */
    private static String fixedPart(String glob) {
        int wildcard = 0;
        while (wildcard < glob.length() && "*?[{\\".indexOf(glob.charAt(wildcard)) < 0) {
            wildcard++;
        }
        return glob.substring(0, glob.lastIndexOf('/', wildcard) + 1);
    }

    static Path project() {
        return Path.of(System.getProperty(PROJECT, "")).toAbsolutePath().normalize();
    }
}
