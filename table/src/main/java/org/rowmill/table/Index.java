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

/**
 * Lists indices for {@link Table#index()}.
 *
 * <pre>{@code
 * public record Case(Path file, int level) {}
 *
 * @Override
 * public Stream<Case> index() throws IOException {
 *     return Index.cross(Index.files("data/**.txt").toList(), List.of(1, 6, 9), Case::new);
 * }
 * }</pre>
 */
public final class Index {

    /** System property that Rowmill sets to the root of the project. The default is the working directory. */
    private static final String PROJECT = "rowmill.project";

    private Index() {}

    /**
     * Combines each element of a collection with each element of another. The second varies fastest: (a, 1), (a, 2),
     * (b, 1), (b, 2).
     *
     * @param <A> type of the first elements
     * @param <B> type of the second elements
     * @param <I> index type, usually a record of the two
     * @param first the first elements
     * @param second the second elements
     * @param pair makes the index of a pair, such as {@code Case::new}
     * @return the indices; the stream makes each when it is read
     */
    public static <A, B, I> Stream<I> cross(
            Collection<? extends A> first,
            Collection<? extends B> second,
            BiFunction<? super A, ? super B, ? extends I> pair) {
        Objects.requireNonNull(pair);
        return first.stream().flatMap(a -> second.stream().map(b -> pair.apply(a, b)));
    }

    /**
     * Lists the regular files of the project that match a glob. Follows symbolic links. Skips files and directories
     * whose names begin with a dot, unless the glob begins with their names.
     *
     * <p>Also skips what vanishes meanwhile, what may not be read, and names that are not UTF-8. A warning on standard
     * error says how many there are, and names one.
     *
     * @param glob pattern for the path relative to the project, in the syntax of
     *     {@link java.nio.file.FileSystem#getPathMatcher}: {@code data/*.txt} matches one level, {@code data/**.txt}
     *     all levels below {@code data}
     * @return paths relative to the project, sorted; none if there is no such directory
     * @throws IOException if the project cannot be searched
     * @throws IllegalArgumentException if the glob is absolute, leaves the project with {@code ..}, or has a syntax
     *     error
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
        finder.skipped()
                .ifPresent(skipped -> System.err.println("warning: Index.files(\"" + glob + "\") skips " + skipped));
        return finder.found();
    }

    /** Returns the directories before the first wildcard, so that other directories are not listed. */
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
