package org.rowmill.producer.cache;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.jar.JarEntry;
import org.rowmill.schemas.Versions;
import org.rowmill.schemas.WrongInput;

/** Unpacks consumer.jar from producer.jar into the user's cache, once for each version. */
public final class ConsumerJar {

    private static final String RESOURCE = "/consumer.jar";

    private ConsumerJar() {}

    /**
     * Unpacks consumer.jar unless the cache contains it.
     *
     * @return the path of the jar
     * @throws WrongInput if the cache cannot be written
     */
    public static Path unpack() {
        URL resource = ConsumerJar.class.getResource(RESOURCE);
        if (resource == null) {
            throw new IllegalStateException("producer.jar does not contain consumer.jar. Build it with mvn package");
        }
        Path cache = UserCache.directory();
        try {
            JarEntry entry = entry(resource);
            Path jar = cache.resolve(
                    String.format(Locale.ROOT, "consumer-%s-%08x.jar", Versions.rowmill(), entry.getCrc()));
            if (!Files.exists(jar) || Files.size(jar) != entry.getSize()) {
                copy(resource, jar);
            }
            return jar;
        } catch (IOException e) {
            throw new WrongInput(cache + ": consumer.jar cannot be unpacked here (" + e
                    + "). Free disk space, make the directory writable, or set XDG_CACHE_HOME");
        }
    }

    private static JarEntry entry(URL resource) throws IOException {
        URLConnection connection = resource.openConnection();
        if (connection instanceof JarURLConnection jar) {
            return jar.getJarEntry();
        }
        JarEntry entry = new JarEntry(RESOURCE);
        entry.setSize(connection.getContentLengthLong());
        entry.setCrc(connection.getLastModified() & 0xffffffffL);
        return entry;
    }

    /** Several heads may unpack at the same time: each writes its own file, and each renames it to the same content. */
    private static void copy(URL resource, Path jar) throws IOException {
        Files.createDirectories(jar.getParent());
        Path temporary = Files.createTempFile(jar.getParent(), "consumer", ".tmp");
        try (InputStream in = resource.openStream()) {
            Files.copy(in, temporary, StandardCopyOption.REPLACE_EXISTING);
            Files.move(temporary, jar, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
