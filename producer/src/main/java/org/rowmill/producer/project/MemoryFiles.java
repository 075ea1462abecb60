package org.rowmill.producer.project;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what the compiler and annotation processors write in memory: class files, generated sources and resources. Used
 * by one thread.
 */
final class MemoryFiles extends ForwardingJavaFileManager<StandardJavaFileManager> {

    private final Map<String, MemoryFile> written = new TreeMap<>();

    MemoryFiles(StandardJavaFileManager files) {
        super(files);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
            Location location, String className, JavaFileObject.Kind kind, @Nullable FileObject sibling) {
        return add(className.replace('.', '/') + kind.extension, kind);
    }

    @Override
    public FileObject getFileForOutput(
            Location location, String packageName, String relativeName, @Nullable FileObject sibling) {
        String name = packageName.isEmpty() ? relativeName : packageName.replace('.', '/') + "/" + relativeName;
        return add(name, JavaFileObject.Kind.OTHER);
    }

    @Override
    public FileObject getFileForInput(Location location, String packageName, String relativeName) throws IOException {
        if (!location.isOutputLocation()) {
            return super.getFileForInput(location, packageName, relativeName);
        }
        throw new FileNotFoundException(relativeName); // nothing is left from an earlier compilation
    }

    private MemoryFile add(String name, JavaFileObject.Kind kind) {
        MemoryFile file = new MemoryFile(name, kind);
        written.put(name, file);
        return file;
    }

    /** Returns the content of class files and resources by name, sorted. */
    Map<String, byte[]> classes() {
        Map<String, byte[]> classes = new TreeMap<>();
        written.forEach((name, file) -> {
            if (file.getKind() != JavaFileObject.Kind.SOURCE) {
                classes.put(name, file.bytes.toByteArray());
            }
        });
        return classes;
    }

    private static final class MemoryFile extends SimpleJavaFileObject {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        MemoryFile(String name, Kind kind) {
            super(URI.create("memory:///" + name.replace("$", "%24")), kind);
        }

        @Override
        public OutputStream openOutputStream() {
            bytes.reset();
            return bytes;
        }

        @Override
        public InputStream openInputStream() {
            return new ByteArrayInputStream(bytes.toByteArray());
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }
}
