package org.rowmill.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.rowmill.schemas.cluster.ClusterCsv;

class InitCommandTest {

    private static final Path EXAMPLES = Path.of("..", "examples");
    static final List<InitCommand.Template> templates = InitCommand.TEMPLATES;

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int init(Object... arguments) {
        Producer producer = new Producer(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of());
        return producer.execute(
                Stream.concat(Stream.of("init"), Stream.of(arguments).map(String::valueOf))
                        .toArray(String[]::new));
    }

    @Test
    void withoutArgumentsItListsTheTemplates() {
        assertThat(init()).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .anyMatch(line -> line.startsWith("montecarlo-pi "))
                .anyMatch(line -> line.startsWith("file-stats "))
                .anyMatch(line -> line.startsWith("cluster-config "));
    }

    @ParameterizedTest
    @FieldSource("templates")
    void itPrintsTheFilesThatItWrites(InitCommand.Template template) {
        Path target = directory.resolve("new/place");

        assertThat(init(template.name(), target)).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .containsExactlyElementsOf(template.files().stream()
                        .map(file -> target.resolve(file).toString())
                        .toList())
                .allSatisfy(file -> assertThat(Path.of(file)).isNotEmptyFile());
    }

    @Test
    void theTemplatesOfProjectsAreTheExamples() throws IOException {
        for (InitCommand.Template template : templates) {
            if (template.isProject()) {
                Path example = EXAMPLES.resolve(template.name());
                assertThat(init(template.name(), directory.resolve(template.name())))
                        .isZero();
                for (String file : template.files()) {
                    assertThat(directory.resolve(template.name()).resolve(file))
                            .hasSameBinaryContentAs(example.resolve(file));
                }
                assertThat(sources(example))
                        .as("no file is forgotten")
                        .containsExactlyInAnyOrderElementsOf(template.files());
            }
        }
    }

    private static List<String> sources(Path example) throws IOException {
        try (Stream<Path> files = Files.walk(example)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> example.relativize(file).toString())
                    .filter(file -> !file.startsWith("tables/") && !file.startsWith(".") && !file.equals("README.md"))
                    .toList();
        }
    }

    @Test
    void theClusterFileAndItsExamplesAreValid() throws IOException {
        assertThat(init("cluster-config", directory)).isZero();
        Path file = directory.resolve("rowmill_cluster.csv");

        assertThat(ClusterCsv.read(file)).isEmpty();
        Files.writeString(
                file, Files.readString(file).replace("\n#node", "\nnode").replace("~/.ssh/id_ed25519", ""));
        assertThat(ClusterCsv.read(file))
                .satisfiesExactly(
                        node -> assertThat(node.address()).isEqualTo("node1.example.org"),
                        node -> assertThat(node.cpuLimit()).isEqualTo(8));
    }

    @Test
    void anExistingFileIsNotOverwrittenAndNothingElseIsWritten() throws IOException {
        Files.createDirectories(directory.resolve("data"));
        Files.writeString(directory.resolve("data/watermill.txt"), "mine");

        assertThat(init("file-stats", directory)).isEqualTo(2);

        assertThat(err.toString(StandardCharsets.UTF_8)).contains("data/watermill.txt", "not overwritten");
        assertThat(directory.resolve("data/watermill.txt")).hasContent("mine");
        assertThat(directory.resolve("FileStats.java")).doesNotExist();
    }

    @Test
    void anUnknownTemplateGetsASuggestion() {
        assertThat(init("file-stat")).isEqualTo(2);

        assertThat(err.toString(StandardCharsets.UTF_8)).contains("did you mean file-stats?");
    }
}
