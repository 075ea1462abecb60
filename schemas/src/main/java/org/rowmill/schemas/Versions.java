package org.rowmill.schemas;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/** The versions of this build, which {@code --version} prints. */
public final class Versions {

    private static final Properties VERSIONS = load();

    private Versions() {}

    /**
     * Returns the version of Rowmill.
     *
     * @return text such as {@code 0.1.0}
     */
    public static String rowmill() {
        return get("rowmill.version");
    }

    /**
     * Returns the version of Artemis, broker and client.
     *
     * @return text such as {@code 2.56.0}
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
