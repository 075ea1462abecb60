package org.rowmill.producer.project;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.rowmill.producer.console.Console;
import org.rowmill.schemas.WrongInput;

/**
 * Compiles a project in this process to {@code PROJECT/.rowmill/classes/HASH.jar}. The same sources make the same bytes, and
 * the jar of unchanged sources is used again.
 */
final class ProjectCompiler {

    /** The names of parameters define which columns a column needs. The release is that of the oldest supported Java. */
    static final List<String> OPTIONS =
            List.of("-parameters", "-proc:none", "-g", "--release", "17", "-encoding", "UTF-8");

    private static final int JARS_KEPT = 5;
    private static final LocalDateTime TIME_OF_ENTRIES = LocalDateTime.of(1980, 1, 1, 0, 0);

    private final Path root;
    private final Path classes;
    private final Console console;

    ProjectCompiler(Path root, Console console) {
        this.root = root;
        this.classes = root.resolve(".rowmill/classes");
        this.console = console;
    }

    /**
     * Compiles the sources unless the jar exists.
     *
     * @param sources at least one source
     * @param libraries jars that the sources may use
     * @param hash hash of everything that the result depends on
     * @return the jar
     * @throws WrongInput with the errors of the compiler
     */
    Path compile(ProjectSources sources, List<Path> libraries, String hash) throws IOException {
        Path jar = classes.resolve(hash + ".jar");
        if (Files.exists(jar)) {
            Files.setLastModifiedTime(jar, FileTime.fromMillis(System.currentTimeMillis()));
            return jar;
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new WrongInput(
                    root + ": the Java sources cannot be compiled: the Java in " + System.getProperty("java.home")
                            + " is a JRE without a compiler. Run producer.jar with a JDK, 17 or newer");
        }
        console.verbose("compiling " + sources.files().size() + " Java files");
        Files.createDirectories(classes);
        write(jar, compile(compiler, sources, libraries));
        keepNewest();
        return jar;
    }

    private Map<String, byte[]> compile(JavaCompiler compiler, ProjectSources sources, List<Path> libraries)
            throws IOException {
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        Path api = TableApi.writeJar(classes);
        try (StandardJavaFileManager files =
                        compiler.getStandardFileManager(diagnostics, Locale.ROOT, StandardCharsets.UTF_8);
                InMemory memory = new InMemory(files)) {
            List<Path> classPath = new ArrayList<>(libraries);
            classPath.add(api);
            files.setLocationFromPaths(StandardLocation.CLASS_PATH, classPath);
            Iterable<? extends JavaFileObject> units = files.getJavaFileObjectsFromPaths(sources.files());
            if (!compiler.getTask(null, memory, diagnostics, OPTIONS, null, units)
                    .call()) {
                throw new WrongInput(errors(diagnostics));
            }
            return memory.classes();
        } finally {
            Files.deleteIfExists(api);
        }
    }

    private List<String> errors(DiagnosticCollector<JavaFileObject> diagnostics) {
        return diagnostics.getDiagnostics().stream()
                .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
                .map(diagnostic -> diagnostic.toString().replace(root + "/", "").replaceFirst(": error: ", ": "))
                .toList();
    }

    private void write(Path jar, Map<String, byte[]> compiled) throws IOException {
        Path temporary = Files.createTempFile(classes, "classes", ".tmp");
        try {
            try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(temporary))) {
                for (Map.Entry<String, byte[]> type : compiled.entrySet()) {
                    ZipEntry entry = new ZipEntry(type.getKey());
                    entry.setTimeLocal(TIME_OF_ENTRIES);
                    out.putNextEntry(entry);
                    out.write(type.getValue());
                }
            }
            Files.move(temporary, jar, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private void keepNewest() throws IOException {
        try (Stream<Path> jars = Files.list(classes)) {
            List<Path> old = jars.filter(file -> file.toString().endsWith(".jar"))
                    .sorted(Comparator.comparingLong(
                                    (Path file) -> file.toFile().lastModified())
                            .reversed())
                    .skip(JARS_KEPT)
                    .toList();
            for (Path jar : old) {
                Files.deleteIfExists(jar);
            }
        }
    }

    /** Keeps the class files of the compiler in memory. Used by one thread. */
    private static final class InMemory extends ForwardingJavaFileManager<StandardJavaFileManager> {

        private final Map<String, ByteArrayOutputStream> written = new TreeMap<>();

        InMemory(StandardJavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            String name = className.replace('.', '/') + kind.extension;
            return new SimpleJavaFileObject(URI.create("memory:///" + name.replace("$", "%24")), kind) {
                @Override
                public OutputStream openOutputStream() {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    written.put(name, bytes);
                    return bytes;
                }
            };
        }

        /** Returns the class files by name, sorted. */
        Map<String, byte[]> classes() {
            Map<String, byte[]> classes = new TreeMap<>();
            written.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
            return classes;
        }
    }
}
