package org.rowmill.producer.project;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import org.rowmill.schemas.WrongInput;

/**
 * The compiler in this process.
 *
 * @param compiler the compiler of the JDK
 * @param root the root directory of the project, for messages
 * @param classPath jars that the sources may use
 * @param processors jars with annotation processors, and jars that these need; empty: no processor runs
 */
record Javac(JavaCompiler compiler, Path root, List<Path> classPath, List<Path> processors) {

    /** The names of parameters define which columns a column needs. */
    static final List<String> OPTIONS = List.of("-parameters", "-g", "-encoding", "UTF-8");

    Javac {
        classPath = List.copyOf(classPath);
        processors = List.copyOf(processors);
    }

    /**
     * What the compiler made.
     *
     * @param classes class files and resources by name; complete only if there are no errors
     * @param errors the errors, in the order of the compiler
     */
    record Result(Map<String, byte[]> classes, List<Diagnostic<? extends JavaFileObject>> errors) {}

    /**
     * Compiles sources.
     *
     * @param sources the sources
     * @param release the Java that the classes need
     * @throws WrongInput if an annotation processor fails
     */
    Result compile(List<Path> sources, int release) throws IOException {
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        try (StandardJavaFileManager files =
                        compiler.getStandardFileManager(diagnostics, Locale.ROOT, StandardCharsets.UTF_8);
                MemoryFiles memory = new MemoryFiles(files)) {
            files.setLocationFromPaths(StandardLocation.CLASS_PATH, classPath);
            Iterable<? extends JavaFileObject> units = files.getJavaFileObjectsFromPaths(sources);
            boolean isCompiled = call(compiler.getTask(null, memory, diagnostics, options(release), null, units));
            List<Diagnostic<? extends JavaFileObject>> errors = diagnostics.getDiagnostics().stream()
                    .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
                    .collect(Collectors.toList());
            if (!isCompiled && errors.isEmpty()) {
                throw new WrongInput(root + ": the compiler failed without a message");
            }
            return new Result(memory.classes(), errors);
        }
    }

    private List<String> options(int release) {
        List<String> options = new ArrayList<>(OPTIONS);
        options.addAll(List.of("--release", String.valueOf(release)));
        if (processors.isEmpty()) {
            options.add("-proc:none");
        } else {
            options.add("-processorpath");
            options.add(processors.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        }
        return options;
    }

    private boolean call(JavaCompiler.CompilationTask task) {
        try {
            return task.call();
        } catch (RuntimeException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new WrongInput(
                    root + ": an annotation processor in lib/ failed: " + cause + ". Use a version of it that"
                            + " supports Java " + Runtime.version().feature() + ", or remove it from lib/");
        }
    }

    /** Returns the message of an error with its file, relative to the project, and line. */
    String text(Diagnostic<? extends JavaFileObject> error) {
        return error.toString().replace(root + "/", "").replaceFirst(": error: ", ": ");
    }
}
