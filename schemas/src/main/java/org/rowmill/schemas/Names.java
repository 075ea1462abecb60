package org.rowmill.schemas;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Converts and checks names of columns, and finds similar names. */
public final class Names {

    private static final Pattern WORD_END =
            Pattern.compile("(?<=[\\p{Ll}\\p{N}])(?=\\p{Lu})|(?<=\\p{Lu})(?=\\p{Lu}\\p{Ll})");
    private static final Pattern UNDERSCORE = Pattern.compile("(?<=.)_(.)");
    private static final Pattern COLUMN = Pattern.compile("[\\p{Ll}\\p{Lo}][\\p{Ll}\\p{Lo}\\p{N}_]*");

    private Names() {}

    /** Converts {@code lineCount} to {@code line_count}, and {@code rawURLCount} to {@code raw_url_count}. */
    public static String snake(String name) {
        return WORD_END.matcher(name).replaceAll("_").toLowerCase(Locale.ROOT);
    }

    /** Converts {@code line_count} to {@code lineCount}. */
    public static String camel(String name) {
        return UNDERSCORE.matcher(name).replaceAll(match -> match.group(1).toUpperCase(Locale.ROOT));
    }

    /** Returns whether a name is valid for a column. */
    public static boolean isColumn(String name) {
        return COLUMN.matcher(name).matches();
    }

    /**
     * Finds the candidate that is most similar to a mistyped name.
     *
     * @param name the mistyped name
     * @param candidates valid names
     * @return the most similar name; empty if more than a third of each is different
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

    /** Counts the letters to insert, remove, change, or swap with their neighbour to turn one name into the other. */
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
