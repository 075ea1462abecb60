package org.rowmill.producer.project;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.Diagnostic;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;
import org.rowmill.producer.console.Console;
import org.rowmill.schemas.WrongInput;

/**
 * Compiles a project in this process to {@code PROJECT/.rowmill/classes/HASH.jar}. The same sources make the same
 * bytes, and the jar of unchanged sources is used again.
 */
final class ProjectCompiler {

    private static final int JARS_KEPT = 5;
    private static final Pattern COMPILED = Pattern.compile("\\p{XDigit}+\\.jar");
    private static final LocalDateTime TIME_OF_ENTRIES = LocalDateTime.of(1980, 1, 1, 0, 0);

    private final Path root;
    private final int release;
    private final List<Path> libraries;
    private final Path classes;
    private final Console console;

    /**
     * Creates a compiler of one project.
     *
     * @param root the root directory of the project
     * @param release the Java that the classes need
     * @param libraries jars that the sources may use
     * @param console prints what is compiled
     */
    ProjectCompiler(Path root, int release, List<Path> libraries, Console console) {
        this.root = root;
        this.release = release;
        this.libraries = libraries;
        this.classes = root.resolve(".rowmill/classes");
        this.console = console;
    }

    /**
     * The result of a compilation.
     *
     * @param jar the classes
     * @param hash hash of everything that they depend on
     * @param errors errors of the files that were left out; empty: all files were compiled
     */
    record Compiled(Path jar, String hash, List<String> errors) {}

    /**
     * Compiles the sources unless their jar exists.
     *
     * @param sources at least one source
     * @param isPartial whether to leave out files that do not compile, because not all tables are needed
     * @throws WrongInput with the errors of the compiler
     */
    Compiled compile(ProjectSources sources, boolean isPartial) throws IOException {
        Compiled all = compiled(sources.files(), List.of());
        if (isCached(all.jar())) {
            return all;
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new WrongInput(
                    root + ": the Java sources cannot be compiled: the Java in " + System.getProperty("java.home")
                            + " is a JRE without a compiler. Run producer.jar with a JDK, 17 or newer");
        }
        console.verbose("compiling " + sources.files().size() + " Java files");
        Files.createDirectories(classes);
        Path api = TableApi.writeJar(classes);
        try {
            List<Path> classPath = new ArrayList<>(libraries);
            classPath.add(api);
            Javac javac = new Javac(compiler, root, classPath, AnnotationProcessors.path(libraries));
            Javac.Result result = javac.compile(sources.files(), release);
            if (result.errors().isEmpty()) {
                write(all.jar(), result.classes());
                return all;
            }
            List<String> errors = new CompileErrors(javac, sources, release).texts(result.errors());
            if (!isPartial) {
                throw new WrongInput(errors);
            }
            return compilePart(javac, sources.files(), result.errors(), errors);
        } finally {
            Files.deleteIfExists(api);
        }
    }

    private Compiled compiled(List<Path> sources, List<String> errors) throws IOException {
        String hash = new Hash()
                .text(Runtime.version().feature() + " " + Javac.OPTIONS + " " + release)
                .files(root, sources)
                .files(root, libraries)
                .hex();
        return new Compiled(classes.resolve(hash + ".jar"), hash, errors);
    }

    /** Leaves out the files with errors, then those that need them, until the others compile. */
    private Compiled compilePart(
            Javac javac, List<Path> all, List<Diagnostic<? extends JavaFileObject>> first, List<String> texts)
            throws IOException {
        List<Path> sources = new ArrayList<>(all);
        List<String> errors = new ArrayList<>(texts);
        Set<Path> faulty = files(first);
        while (sources.removeIf(faulty::contains) && !sources.isEmpty()) {
            Javac.Result result = javac.compile(sources, release);
            if (result.errors().isEmpty()) {
                Compiled part = compiled(sources, errors);
                if (!isCached(part.jar())) {
                    write(part.jar(), result.classes());
                }
                return part;
            }
            result.errors().forEach(error -> errors.add(javac.text(error)));
            faulty = files(result.errors());
        }
        throw new WrongInput(errors);
    }

    private static Set<Path> files(List<Diagnostic<? extends JavaFileObject>> errors) {
        Set<Path> files = new HashSet<>();
        for (Diagnostic<? extends JavaFileObject> error : errors) {
            if (error.getSource() != null) {
                files.add(Path.of(error.getSource().toUri()));
            }
        }
        return files;
    }

    private static boolean isCached(Path jar) throws IOException {
        boolean exists = Files.exists(jar);
        if (exists) {
            Files.setLastModifiedTime(jar, FileTime.fromMillis(System.currentTimeMillis()));
        }
        return exists;
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
        keepNewest();
    }

    private void keepNewest() throws IOException {
        try (Stream<Path> jars = Files.list(classes)) {
            List<Path> old = jars.filter(file ->
                            COMPILED.matcher(file.getFileName().toString()).matches())
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
}
