package org.rowmill.schemas.model;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.annotation.processing.Processor;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Java sources of a test, compiled in this process. */
final class Sources {

    private static final String HEAD = """
        import java.nio.file.Path;
        import java.time.Instant;
        import java.util.*;
        import java.util.stream.Stream;
        import org.rowmill.table.*;
        """;

    private final Path directory;
    private final List<Path> files = new ArrayList<>();

    Sources(Path directory) {
        this.directory = directory;
    }

    /** Adds a file. Its text begins in line 6, after the imports. */
    Sources file(String name, String text) {
        try {
            files.add(Files.writeString(directory.resolve(name + ".java"), HEAD + text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Adds a table with the given index type. Its members begin in line 7. */
    Sources table(String name, String index, String members) {
        return file(
                name,
                "public class " + name + " extends Table<" + index + "> {\n" + members + "\npublic Stream<" + index
                        + "> index() { return null; }\n}\n");
    }

    /** Compiles without processors, and loads a class. */
    Class<?> load(String name, String... options) {
        List<String> all = new ArrayList<>(List.of("-proc:none"));
        all.addAll(List.of(options.length == 0 ? new String[] {"-parameters", "-g"} : options));
        List<Diagnostic<? extends JavaFileObject>> errors = of(Diagnostic.Kind.ERROR, compile(List.of(), all));
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException("the source of the test does not compile: " + errors);
        }
        try {
            return new ProjectClassLoader(List.of(directory)).loadClass(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Compiles with the processor. Returns the errors of the processor and the compiler. */
    List<Diagnostic<? extends JavaFileObject>> process() {
        return of(Diagnostic.Kind.ERROR, compile(List.of(new ColumnProcessor()), List.of("-proc:only")));
    }

    /** Compiles with the processor. Returns its warnings. */
    List<Diagnostic<? extends JavaFileObject>> warnings() {
        return of(Diagnostic.Kind.WARNING, compile(List.of(new ColumnProcessor()), List.of("-proc:only")));
    }

    private static List<Diagnostic<? extends JavaFileObject>> of(
            Diagnostic.Kind kind, List<Diagnostic<? extends JavaFileObject>> found) {
        return found.stream().filter(diagnostic -> diagnostic.getKind() == kind).toList();
    }

    private List<Diagnostic<? extends JavaFileObject>> compile(List<Processor> processors, List<String> options) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(found, null, null)) {
            List<String> all = new ArrayList<>(List.of(
                    "-d",
                    directory.toString(),
                    "-cp",
                    directory + File.pathSeparator + System.getProperty("java.class.path")));
            all.addAll(options);
            JavaCompiler.CompilationTask task =
                    compiler.getTask(null, manager, found, all, null, manager.getJavaFileObjectsFromPaths(files));
            if (!processors.isEmpty()) {
                task.setProcessors(processors);
            }
            task.call();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found.getDiagnostics();
    }
}
