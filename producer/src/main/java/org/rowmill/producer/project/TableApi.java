package org.rowmill.producer.project;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.NullMarked;
import org.rowmill.table.Table;

/**
 * The classes that projects compile against. With all of producer.jar on its class path, a project could use libraries that
 * are missing when it runs.
 */
final class TableApi {

    private static final List<Class<?>> PACKAGES = List.of(Table.class, NullMarked.class);

    private TableApi() {}

    /**
     * Writes the classes to a temporary jar.
     *
     * @param directory the directory of the jar
     * @return the jar, which the caller deletes
     */
    static Path writeJar(Path directory) throws IOException {
        Path jar = Files.createTempFile(directory, "table-api", ".tmp.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (Class<?> member : PACKAGES) {
                copyPackage(member, out);
            }
        }
        return jar;
    }

    private static void copyPackage(Class<?> member, JarOutputStream out) throws IOException {
        String directory = member.getPackageName().replace('.', '/');
        URL url = Objects.requireNonNull(member.getResource(member.getSimpleName() + ".class"));
        try {
            if (url.getProtocol().equals("jar")) {
                URI jar = URI.create("jar:" + url.getPath().replaceFirst("!.*", ""));
                try (FileSystem files = FileSystems.newFileSystem(jar, Map.of())) {
                    copy(files.getPath(directory), directory, out);
                }
            } else {
                copy(Path.of(url.toURI()).resolveSibling(""), directory, out);
            }
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the classes of Rowmill cannot be found: " + url, e);
        }
    }

    private static void copy(Path from, String to, JarOutputStream out) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file :
                    (Iterable<Path>) files.filter(name -> name.toString().endsWith(".class"))::iterator) {
                out.putNextEntry(new ZipEntry(to + "/" + file.getFileName()));
                Files.copy(file, out);
            }
        }
    }
}
