package org.rowmill.schemas;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Names of columns, and the name that somebody meant. */
public final class Names {

    private static final Pattern WORD_END =
            Pattern.compile("(?<=[\\p{Ll}\\p{N}])(?=\\p{Lu})|(?<=\\p{Lu})(?=\\p{Lu}\\p{Ll})");
    private static final Pattern UNDERSCORE = Pattern.compile("(?<=.)_(.)");
    private static final Pattern COLUMN = Pattern.compile("[\\p{Ll}\\p{Lo}][\\p{Ll}\\p{Lo}\\p{N}_]*");

    private Names() {}

    /** {@code lineCount} becomes {@code line_count}, {@code rawURLCount} {@code raw_url_count}. */
    public static String snake(String name) {
        return WORD_END.matcher(name).replaceAll("_").toLowerCase(Locale.ROOT);
    }

    /** {@code line_count} becomes {@code lineCount}. */
    public static String camel(String name) {
        return UNDERSCORE.matcher(name).replaceAll(match -> match.group(1).toUpperCase(Locale.ROOT));
    }

    public static boolean isColumn(String name) {
        return COLUMN.matcher(name).matches();
    }

    /**
     * The candidate that a mistyped name most likely meant.
     *
     * @param name what came
     * @param candidates what could be meant
     * @return the nearest, unless more than a third of the name is different
     */
    public static Optional<String> nearest(String name, Collection<String> candidates) {
        return candidates.stream()
                .filter(candidate -> isNear(name, candidate))
                .min(Comparator.comparingInt(candidate -> distance(name, candidate)));
    }

    private static boolean isNear(String name, String candidate) {
        int distance = distance(name, candidate);
        return distance <= Math.max(1, name.length() / 3) && distance < name.length();
    }

    /** Letters to insert, remove, change or swap with their neighbour. */
    public static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                d[i][j] = i == 0 || j == 0 ? i + j : step(d, a, b, i, j);
            }
        }
        return d[a.length()][b.length()];
    }

    private static int step(int[][] d, String a, String b, int i, int j) {
        int change = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int best = Math.min(change, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, d[i - 2][j - 2] + 1) : best;
    }
}
