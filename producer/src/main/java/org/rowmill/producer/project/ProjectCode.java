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
 * The classes of a project. They are compiled from its sources. A project without sources has jars or a directory
 * {@code target}.
 *
 * @param own jars or directories of the project's own classes
 * @param classPath {@code own}, then the resources, then {@code lib/*.jar}
 * @param hash hash of the code
 */
record ProjectCode(List<Path> own, List<Path> classPath, String hash) {

    private static final Pattern NO_CLASSES = Pattern.compile(".*-(sources|javadoc|tests)\\.jar|original-.*");

    /**
     * Finds the classes, and compiles them if the sources have changed.
     *
     * @param root the root directory of the project
     * @param console prints what is compiled
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
