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

/**
 * Where a project's classes are: compiled here from its sources or, where it has none, in a jar or {@code target} that
 * it already has.
 *
 * @param own jars or directories of its own classes
 * @param classPath the same, then its resources, then {@code lib/*.jar}
 * @param hash changes with the code
 */
record ProjectCode(List<Path> own, List<Path> classPath, String hash) {

    private static final Pattern NO_CLASSES = Pattern.compile(".*-(sources|javadoc|tests)\\.jar|original-.*");

    /**
     * Finds it, and compiles it where that is to be done.
     *
     * @param root the project's directory
     * @param console is told what is compiled
     */
    static ProjectCode of(Path root, Console console) throws IOException {
        List<Path> libraries = jars(root.resolve("lib"));
        ProjectSources sources = ProjectSources.of(root);
        if (sources.files().isEmpty()) {
            List<Path> own = compiled(root);
            return code(
                    own,
                    libraries,
                    List.of(),
                    new Hash().files(root, classFiles(own)).hex());
        }
        String hash = new Hash()
                .text(Runtime.version().feature() + " " + ProjectCompiler.OPTIONS)
                .files(root, sources.files())
                .files(root, libraries)
                .hex();
        Path jar = new ProjectCompiler(root, console).compile(sources, libraries, hash);
        Path resources = root.resolve("src/main/resources");
        return code(List.of(jar), libraries, Files.isDirectory(resources) ? List.of(resources) : List.of(), hash);
    }

    private static ProjectCode code(List<Path> own, List<Path> libraries, List<Path> resources, String hash) {
        List<Path> all = new ArrayList<>(own);
        all.addAll(resources);
        all.addAll(libraries);
        return new ProjectCode(own, all, hash.substring(0, 16));
    }

    /** Jars beside the sources' place, else those of a build, else its classes. */
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
