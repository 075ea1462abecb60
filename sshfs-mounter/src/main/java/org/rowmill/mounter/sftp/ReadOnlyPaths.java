package org.rowmill.mounter.sftp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.lang.model.SourceVersion;

/**
 * The paths of a shared project that clients may read but not change: what the head executes or trusts. Names are
 * compared without regard to case, Unicode normalization and characters that some file systems ignore. The short names of
 * FAT file systems ({@code SUMS~1.JAV}) are not known. Immutable.
 */
public final class ReadOnlyPaths {

    private static final String SOURCE = ".java";
    private static final String JAR = ".jar";
    private static final String BUILD = "target";

    /** Characters without a glyph, which some file systems ignore in names. */
    private static final Pattern IGNORABLE = Pattern.compile("\\p{Cf}");

    /** What file systems of Windows leave out at the end of names. */
    private static final Pattern TRAILING = Pattern.compile("[. ]+$");

    private final boolean hasPatterns;
    private final Set<List<String>> trees;
    private final Set<List<String>> above;
    private final Set<List<String>> writable;

    private ReadOnlyPaths(boolean hasPatterns, Set<List<String>> trees, Set<List<String>> writable) {
        this.hasPatterns = hasPatterns;
        this.trees = trees;
        this.writable = writable;
        this.above = new HashSet<>();
        for (List<String> tree : trees) {
            for (int depth = 0; depth < tree.size(); depth++) {
                above.add(tree.subList(0, depth));
            }
        }
    }

    /**
     * Returns no paths: clients may change everything.
     *
     * @return an empty set
     */
    public static ReadOnlyPaths none() {
        return new ReadOnlyPaths(false, Set.of(), Set.of());
    }

    /**
     * Returns the paths of a project: the given ones with everything below them; {@code .java} files in directories
     * that can be packages; jars at the top and in {@code target}.
     *
     * @param root the project
     * @param trusted further files and directories, relative to the root; they need not exist. If a path leads through
     *     symbolic links, the links and their targets belong to it
     * @param writable files and directories, relative to the root, that clients may change nevertheless, with everything
     *     below them
     * @return the paths
     * @throws IOException if the root cannot be read
     */
    public static ReadOnlyPaths ofProject(Path root, Collection<Path> trusted, Collection<Path> writable)
            throws IOException {
        LinkResolver links = new LinkResolver(root.toRealPath());
        return new ReadOnlyPaths(true, folded(links, trusted), folded(links, writable));
    }

    private static Set<List<String>> folded(LinkResolver links, Collection<Path> paths) {
        Set<List<String>> all = new HashSet<>();
        for (Path path : paths) {
            links.onTheWayTo(path).forEach(each -> all.add(folded(each)));
        }
        return all;
    }

    private static List<String> folded(List<Path> names) {
        return names.stream().map(ReadOnlyPaths::fold).toList();
    }

    /** Returns a name as the file systems that distinguish the fewest names see it. */
    static String fold(Path name) {
        String text = new String(ByteNames.toBytes(name), StandardCharsets.UTF_8);
        String visible = IGNORABLE
                .matcher(Normalizer.normalize(text, Normalizer.Form.NFKC))
                .replaceAll("");
        return TRAILING.matcher(visible.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT))
                .replaceAll("");
    }

    /** Returns whether a file with this name can be a source. */
    boolean isSourceName(Path name) {
        return hasPatterns && fold(name).endsWith(SOURCE);
    }

    /** Returns whether clients may not change, make or remove this path. */
    boolean contains(SftpPath path) {
        List<String> names = folded(path.names());
        return !isWritable(names) && (isBelow(names, trees) || (hasPatterns && matches(path, names)));
    }

    private boolean isWritable(List<String> names) {
        return !writable.isEmpty() && isBelow(names, writable);
    }

    private static boolean isBelow(List<String> names, Set<List<String>> trees) {
        for (int depth = 0; depth <= names.size(); depth++) {
            if (trees.contains(names.subList(0, depth))) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(SftpPath path, List<String> names) {
        if (names.isEmpty()) {
            return false;
        }
        String last = names.get(names.size() - 1);
        boolean isOfBuild =
                names.size() == 1 || (names.size() == 2 && names.get(0).equals(BUILD));
        return (last.endsWith(SOURCE) && canBePackage(path.parent())) || (isOfBuild && last.endsWith(JAR));
    }

    /** Java files elsewhere are data. Keywords count as names, since other cases of their letters are names. */
    private static boolean canBePackage(SftpPath directory) {
        return directory.names().stream()
                .allMatch(name -> isPackageName(new String(ByteNames.toBytes(name), StandardCharsets.UTF_8))
                        || isPackageName(fold(name)));
    }

    private static boolean isPackageName(String name) {
        return Stream.of(name.split("\\.", -1)).allMatch(SourceVersion::isIdentifier);
    }

    /**
     * Returns whether a path of this set may be below the path. Clients may make such a directory, but not a link of
     * this name, and they may not rename it.
     */
    boolean areBelow(SftpPath path) {
        List<String> names = folded(path.names());
        boolean isBuild = hasPatterns && names.size() == 1 && names.get(0).equals(BUILD);
        return !isWritable(names) && (isBuild || above.contains(new ArrayList<>(names)));
    }
}
