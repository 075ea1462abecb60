package org.rowmill.producer.run;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.rowmill.producer.options.ClusterOptions;
import org.rowmill.producer.options.HttpOptions;
import org.rowmill.producer.options.RunOptions;
import org.rowmill.producer.project.Project;
import org.rowmill.producer.project.SourceLinks;

/**
 * The paths of a project that the head executes or trusts, besides {@code .java} files: nodes may read but not change
 * them.
 */
final class TrustedPaths {

    /** They need not exist: a node must not make them either. Also what the user's build and tools execute. */
    private static final List<String> NAMES = List.of(
            "lib",
            "rowmill.properties",
            "tables",
            "src",
            "target/classes",
            "pom.xml",
            ".mvn",
            "mvnw",
            "build.gradle",
            "build.gradle.kts",
            "settings.gradle",
            "settings.gradle.kts",
            "gradlew",
            "gradle",
            "Makefile",
            ".git",
            ".hg",
            ".svn",
            ".idea",
            ".vscode",
            ".envrc");

    private TrustedPaths() {}

    /** Returns the paths, relative to the project. */
    static List<Path> of(Project project, RunOptions options) throws IOException {
        Path root = project.root();
        Set<Path> all = new LinkedHashSet<>();
        NAMES.forEach(name -> all.add(root.resolve(name)));
        all.addAll(tables(project, options.store().output()));
        all.addAll(withManifests(project.classPath()));
        options.code().sources().forEach(directory -> all.add(root.resolve(directory)));
        all.addAll(SourceLinks.of(root, options.code().sources()));
        all.addAll(ProjectPrograms.of(root));
        options.compute().cluster().map(ClusterOptions::csv).ifPresent(all::add);
        options.http().flatMap(HttpOptions::tokenFile).ifPresent(all::add);
        return all.stream()
                .flatMap(path -> relative(root, path).stream())
                .filter(path -> !path.toString().isEmpty())
                .toList();
    }

    /** The directory of the tables; if that is the project itself, the directory of each table. */
    private static List<Path> tables(Project project, Path output) {
        return output.equals(project.root())
                ? project.tables().stream()
                        .map(model -> model.schema().table())
                        .map(output::resolve)
                        .toList()
                : List.of(output);
    }

    /** Adds the files that the manifests of jars add to the class path. */
    private static Set<Path> withManifests(List<Path> classPath) {
        Set<Path> all = new LinkedHashSet<>();
        Deque<Path> left = new ArrayDeque<>(classPath);
        while (!left.isEmpty()) {
            Path file = left.pop();
            if (all.add(file) && Files.isRegularFile(file)) {
                left.addAll(ofManifest(file));
            }
        }
        return all;
    }

    private static List<Path> ofManifest(Path jar) {
        List<Path> files = new ArrayList<>();
        try (JarFile open = new JarFile(jar.toFile())) {
            Manifest manifest = open.getManifest();
            String classPath =
                    manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            Stream.ofNullable(classPath)
                    .flatMap(text -> Stream.of(text.strip().split(" +")))
                    .forEach(entry -> file(jar, entry).ifPresent(files::add));
        } catch (IOException e) {
            return List.of(); // no class loader can read it either
        }
        return files;
    }

    private static Optional<Path> file(Path jar, String entry) {
        try {
            URI uri = jar.toUri().resolve(entry);
            return "file".equals(uri.getScheme()) ? Optional.of(Path.of(uri).normalize()) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // no class loader can use it either
        }
    }

    /** Returns a path relative to the project; empty: it is outside. */
    private static Optional<Path> relative(Path root, Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        return absolute.startsWith(root) ? Optional.of(root.relativize(absolute)) : relativeToRealRoot(root, absolute);
    }

    /** The caller may know the path, or the project, through links. */
    private static Optional<Path> relativeToRealRoot(Path root, Path path) {
        try {
            Path real = path.toRealPath();
            Path realRoot = root.toRealPath();
            return real.startsWith(realRoot) ? Optional.of(realRoot.relativize(real)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // it does not exist
        }
    }
}
