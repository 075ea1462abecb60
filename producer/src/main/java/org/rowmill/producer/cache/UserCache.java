package org.rowmill.producer.cache;

import java.nio.file.Path;

/**
 * The directory of files that can be made again: {@code $XDG_CACHE_HOME/rowmill}, by default {@code ~/.cache/rowmill}.
 */
public final class UserCache {

    private UserCache() {}

    /** Returns the directory, which may not exist yet. */
    public static Path directory() {
        String home = System.getenv("XDG_CACHE_HOME");
        Path base = home != null && home.startsWith("/")
                ? Path.of(home)
                : Path.of(System.getProperty("user.home"), ".cache");
        return base.resolve("rowmill");
    }
}
