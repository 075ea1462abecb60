package org.rowmill.producer.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.mounter.ssh.HostKeys;
import org.rowmill.mounter.ssh.SshSettings;
import org.rowmill.producer.Projects;
import org.rowmill.producer.console.Console;
import org.rowmill.producer.options.ChangedCode;
import org.rowmill.producer.options.ChangedInputs;
import org.rowmill.producer.options.ClusterOptions;
import org.rowmill.producer.options.MaxFailures;
import org.rowmill.producer.options.RemovedRows;
import org.rowmill.producer.options.RowTimeout;
import org.rowmill.producer.options.RunOptions;
import org.rowmill.producer.project.Project;

class TrustedPathsTest {

    @TempDir
    private Path root;

    @BeforeEach
    void makeProject() throws IOException {
        Files.createDirectories(root.resolve("generated"));
        Projects.table(root, "Sums", "Integer", """
                @Override public Stream<Integer> index() { return Stream.of(1); }
                @Column int value(int index) { return index; }
                """);
    }

    private List<String> paths(Path output) throws IOException {
        try (Project project = Project.load(root, List.of(), RunOptions.Code.DEFAULT, console())) {
            return TrustedPaths.of(project, options(output)).stream()
                    .map(Path::toString)
                    .toList();
        }
    }

    private static Console console() {
        PrintStream none = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        return new Console(none, none, 0, false, Map.of());
    }

    private RunOptions options(Path output) {
        SshSettings ssh = new SshSettings(HostKeys.STRICT, root, Duration.ofSeconds(1));
        ClusterOptions cluster = new ClusterOptions(
                root.resolve("nodes/cluster.csv"), ssh, true, List.of(), ClusterOptions.Connect.TUNNEL);
        return new RunOptions(
                root,
                new RunOptions.Code(List.of(Path.of(""), Path.of("generated")), RunOptions.Code.OLDEST_RELEASE),
                List.of(),
                new RunOptions.Rows(
                        OptionalLong.empty(),
                        Optional.empty(),
                        Set.of(),
                        true,
                        ChangedCode.WARN,
                        ChangedInputs.WARN,
                        RemovedRows.KEEP),
                new RunOptions.Limits(RowTimeout.NONE, 1, MaxFailures.NONE, Duration.ZERO, Duration.ZERO),
                new RunOptions.Compute(Optional.of(cluster), 11000, 500, 0, OptionalLong.empty(), false),
                List.of(),
                new RunOptions.Store(output, false),
                false,
                false,
                Optional.empty());
    }

    @Test
    void containWhatTheHeadExecutesAndTrusts() throws IOException {
        assertThat(paths(root.resolve("results/all")))
                .contains(
                        "lib", "rowmill.properties", "tables", "src", "results/all", "generated", "nodes/cluster.csv");
    }

    @Test
    void doNotContainTheWholeProjectIfTheTablesAreAtItsTop() throws IOException {
        assertThat(paths(root)).contains("Sums").doesNotContain("");
    }

    @Test
    void containWhatManifestsAddToTheClassPath() throws IOException {
        Path lib = Files.createDirectories(root.resolve("lib"));
        jar(lib.resolve("a.jar"), "../more/b.jar classes/");
        jar(Files.createDirectories(root.resolve("more")).resolve("b.jar"), "c.jar a.jar");

        assertThat(paths(root.resolve("tables")))
                .contains("lib/a.jar", "more/b.jar", "lib/classes", "more/c.jar", "more/a.jar");
    }

    @Test
    void containProgramsAtTheTopAndInBin() throws IOException {
        Files.writeString(root.resolve("simulate"), "#!/bin/sh\n");
        Files.writeString(root.resolve("data.csv"), "1,2\n");
        assertThat(root.resolve("simulate").toFile().setExecutable(true)).isTrue();
        assertThat(root.resolve("data.csv").toFile().setExecutable(true)).isTrue();
        Files.writeString(root.resolve("model.py"), "print(1)");
        Files.createDirectories(root.resolve("bin"));

        assertThat(paths(root.resolve("tables")))
                .contains("simulate", "model.py", "bin")
                .doesNotContain("data.csv", "scripts");
    }

    private static void jar(Path file, String classPath) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
        new JarOutputStream(Files.newOutputStream(file), manifest).close();
    }

    @Test
    void containSourcesThatAreLinks() throws IOException {
        Files.createDirectories(root.resolve("data"));
        Files.writeString(root.resolve("data/code"), "class Linked {}");
        Files.createSymbolicLink(root.resolve("Linked.java"), Path.of("data/code"));

        assertThat(paths(root.resolve("tables"))).contains("Linked.java");
    }
}
