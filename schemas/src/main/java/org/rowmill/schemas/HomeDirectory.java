package org.rowmill.schemas;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces {@code ~} at the beginning of a path. A shell does not do it after {@code --option=} and in files, so there
 * {@code ~/x} would be a directory named {@code ~}.
 */
public final class HomeDirectory {

    private static final Pattern OF_ANOTHER_USER = Pattern.compile("~[^/]+.*", Pattern.DOTALL);

    private HomeDirectory() {}

    /**
     * Returns the home directory as a shell knows it.
     *
     * @param environment the environment variables
     * @return {@code HOME} if it is an absolute path, otherwise the home directory that the JVM knows
     */
    public static String of(Map<String, String> environment) {
        String home = environment.getOrDefault("HOME", "");
        return home.startsWith("/") ? home : System.getProperty("user.home");
    }

    /**
     * Replaces {@code ~} at the beginning of a path.
     *
     * @param path {@code ~}, a path that begins with {@code ~/}, or any other path
     * @param home the home directory
     * @return the path without {@code ~}; other paths are returned unchanged
     * @throws IllegalArgumentException if the path begins with {@code ~NAME}, the home directory of another user
     */
    public static String expand(String path, String home) {
        Matcher another = OF_ANOTHER_USER.matcher(path);
        if (another.matches()) {
            throw new IllegalArgumentException("~ or ~/..., or an absolute path instead of the home directory of"
                    + " another user (./" + path + " is a file of this name)");
        }
        return path.equals("~") || path.startsWith("~/") ? home + path.substring(1) : path;
    }
}
