package org.rowmill.schemas;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/** Versions this build is made of, as {@code --version} tells them. */
public final class Versions {

    private static final Properties VERSIONS = load();

    private Versions() {}

    /**
     * Version of Rowmill.
     *
     * @return such as {@code 0.1.0}
     */
    public static String rowmill() {
        return get("rowmill.version");
    }

    /**
     * Version of the Artemis broker and client inside.
     *
     * @return such as {@code 2.56.0}
     */
    public static String artemis() {
        return get("artemis.version");
    }

    private static String get(String name) {
        return Objects.requireNonNull(VERSIONS.getProperty(name), name);
    }

    private static Properties load() {
        Properties versions = new Properties();
        try (InputStream in = Versions.class.getResourceAsStream("version.properties")) {
            versions.load(Objects.requireNonNull(in, "version.properties is missing from the jar"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return versions;
    }
}
