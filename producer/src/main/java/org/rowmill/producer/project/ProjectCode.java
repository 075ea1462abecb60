package org.rowmill.producer.project;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.rowmill.producer.console.Console;
import org.rowmill.producer.options.RunOptions;

/**
 * The classes of a project. They are compiled from its sources. A project without sources has jars or a directory
 * {@code target}.
 *
 * @param own jars or directories of the project's own classes
 * @param classPath {@code own}, then the resources, then {@code lib/*.jar}
 * @param hash hash of the code
 * @param sources the sources; without files, the classes are compiled already
 * @param errors errors of sources that were left out, because not all tables are needed
 */
record ProjectCode(List<Path> own, List<Path> classPath, String hash, ProjectSources sources, List<String> errors) {

    private static final int HASH_CHARACTERS = 16;
    private static final Pattern NO_CLASSES = Pattern.compile(".*-(sources|javadoc|tests)\\.jar|original-.*");

    /**
     * Finds the classes, and compiles them if the sources have changed.
     *
     * @param root the root directory of the project
     * @param options where sources are, and how they are compiled
     * @param isPartial whether sources that do not compile are left out
     * @param console prints what is compiled
     */
    static ProjectCode of(Path root, RunOptions.Code options, boolean isPartial, Console console) throws IOException {
        List<Path> libraries = jars(root.resolve("lib"));
        ProjectSources sources = ProjectSources.of(root, options.sources());
        if (console.isVerbose()) {
            LeftOutSources others = LeftOutSources.of(sources);
            if (!others.files().isEmpty()) {
                console.verbose(others.summary());
            }
        }
        if (sources.files().isEmpty()) {
            List<Path> own = compiled(root);
            String hash = new Hash().files(root, classFiles(own)).hex();
            return new ProjectCode(own, all(own, List.of(), libraries), shortened(hash), sources, List.of());
        }
        ProjectCompiler.Compiled compiled =
                new ProjectCompiler(root, options.release(), libraries, console).compile(sources, isPartial);
        List<Path> own = List.of(compiled.jar());
        Path resources = root.resolve("src/main/resources");
        return new ProjectCode(
                own,
                all(own, Files.isDirectory(resources) ? List.of(resources) : List.of(), libraries),
                shortened(compiled.hash()),
                sources,
                compiled.errors());
    }

    private static List<Path> all(List<Path> own, List<Path> resources, List<Path> libraries) {
        List<Path> all = new ArrayList<>(own);
        all.addAll(resources);
        all.addAll(libraries);
        return all;
    }

    private static String shortened(String hash) {
        return hash.substring(0, HASH_CHARACTERS);
    }

    /** Returns the jars in the project, otherwise those of its build, otherwise the classes of its build. */
    private static List<Path> compiled(Path root) throws IOException {
        List<Path> jars = jars(root);
        if (jars.isEmpty()) {
            jars = jars(root.resolve("target"));
        }
        Path classes = root.resolve("target/classes");
        return jars.isEmpty() && Files.isDirectory(classes) ? List.of(classes) : jars;
    }

    private static List<Path> jars(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        List<Path> jars = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, "*.jar")) {
            for (Path jar : all) {
                if (!NO_CLASSES.matcher(jar.getFileName().toString()).matches()) {
                    jars.add(jar);
                }
            }
        }
        return jars.stream().sorted().toList();
    }

    private static List<Path> classFiles(List<Path> own) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path path : own) {
            try (Stream<Path> all = Files.walk(path)) {
                all.filter(Files::isRegularFile).sorted().forEach(files::add);
            }
        }
        return files;
    }
}
