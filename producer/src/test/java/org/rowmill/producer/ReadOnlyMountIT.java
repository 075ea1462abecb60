package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.store.DuckDb;

/** Rows on a node cannot change what the head executes or trusts, and can write everywhere else. */
@ExtendWith(SharedTestbed.class)
class ReadOnlyMountIT {

    private static final String HOSTILE = Projects.MEET + """
            @Override public Stream<Integer> index() { return Stream.of(0, 1); }
            @Column String node(RowContext context) throws Exception {
                meet(context, 2);
                return context.node();
            }
            private static boolean isOnHead(RowContext context) { return !context.node().startsWith("10."); }
            interface Attack { void run() throws Exception; }
            private static String outcome(Attack attack) {
                try {
                    attack.run();
                    return "done";
                } catch (Exception e) {
                    return String.valueOf(e).contains("ermission denied") || e instanceof AccessDeniedException
                            ? "denied" : String.valueOf(e);
                }
            }
            private static int shell(String script) throws Exception {
                return new ProcessBuilder("sh", "-c", script).inheritIO().start().waitFor();
            }
            @Column String attacks(String node, RowContext context) throws Exception {
                if (isOnHead(context)) { return "head"; }
                Files.createDirectories(Path.of("data/out"));
                Files.writeString(Path.of("data/out/Prepared.txt"), "evil");
                List<String> outcomes = new ArrayList<>();
                for (String file : List.of("Hostile.java", "pkg/Helper.java", "Evil.java", "lib/evil.jar",
                        "rowmill.properties", "tables/Hostile/part-evil.parquet", ".git/hooks/pre-commit",
                        "src/main/resources/evil.txt", "cluster.csv")) {
                    Path path = Path.of(file);
                    outcomes.add(file + ": write " + outcome(() -> Files.writeString(path, "evil")));
                    outcomes.add(file + ": move " + outcome(() -> Files.move(Path.of("data/out/Prepared.txt"), path,
                            StandardCopyOption.REPLACE_EXISTING)));
                    outcomes.add(file + ": link " + outcome(() -> Files.createLink(Path.of("data/out/second"), path)));
                }
                outcomes.add("mkdir lib " + shell("mkdir lib 2>/dev/null; ls -d lib"));
                outcomes.add("rename pkg " + shell("mv pkg data/pkg 2>/dev/null"));
                outcomes.add("symbolic link " + shell("ln -s ../lib data/lib 2>/dev/null"));
                outcomes.add("remove " + shell("rm -f Hostile.java 2>/dev/null"));
                Files.writeString(Path.of("data/out/result.txt"), "written");
                Files.createSymbolicLink(Path.of("data/out/passwd"), Path.of("/etc/passwd"));
                return String.join("\\n", outcomes);
            }
            @Column String naive(String node, RowContext context) throws Exception {
                return isOnHead(context) ? "head" : Files.writeString(Path.of("pkg/Made.java"), "x").toString();
            }
            """;

    private final Testbed testbed;

    @TempDir
    private Path project;

    ReadOnlyMountIT(Testbed testbed) {
        this.testbed = testbed;
    }

    @BeforeEach
    void makeProject() throws IOException {
        Projects.table(project, "Hostile", "Integer", HOSTILE);
        Files.createDirectories(project.resolve("pkg"));
        Files.writeString(project.resolve("pkg/Helper.java"), "package pkg; class Helper {}");
        Files.createDirectories(project.resolve(".git/hooks"));
        Files.writeString(project.resolve(".git/hooks/pre-commit"), "trusted");
        Files.writeString(project.resolve("rowmill.properties"), "retries=0\n");
        Files.copy(testbed.clusterCsv(1), project.resolve("cluster.csv"));
    }

    private ProducerCommand command(String... options) {
        List<Object> words =
                new ArrayList<>(List.of("run", project, "--no-progress", "--cpu-limit", 1, "--ssh-cluster-csv-path"));
        words.add(project.resolve("cluster.csv"));
        words.addAll(List.of(options));
        return ProducerCommand.of(words.toArray())
                .onJvmWith("-Duser.home=" + testbed.home())
                .behind(testbed.headPrefix().toArray(String[]::new));
    }

    /** Returns the files that no row may change. */
    private Map<String, String> trusted() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(project)) {
            for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                String name = project.relativize(file).toString();
                if (!name.matches("(tables|\\.rowmill|data|seen)/.*")) {
                    files.put(name, Files.readString(file));
                }
            }
        }
        return files;
    }

    @Test
    void aHostileRowChangesNothingThatTheHeadTrusts() throws IOException {
        Map<String, String> before = trusted();

        ProducerCommand.Result result = command().run();

        assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
        assertThat(result.err())
                .contains("pkg/Made.java is read-only for nodes", "--mount-writable pkg/Made.java")
                .contains("made the link data/out/passwd -> /etc/passwd, which leads outside the project");
        assertThat(trusted()).isEqualTo(before);
        assertThat(project.resolve("lib")).doesNotExist();
        assertThat(project.resolve("data/out/result.txt")).hasContent("written");
        String outcomes = DuckDb.query(
                        project.resolve("tables/Hostile"), "SELECT attacks FROM $ WHERE node LIKE '10.%'")
                .get(0)
                .get(0)
                .toString();
        assertThat(outcomes.lines().filter(line -> !line.matches(".*(denied| [12]|NoSuchFile.*)")))
                .as(outcomes)
                .isEmpty();
        assertThat(DuckDb.query(project.resolve("tables/Hostile/_failed"), "SELECT message FROM $")
                        .get(0)
                        .get(0)
                        .toString())
                .contains("pkg/Made.java", "--mount-writable pkg/Made.java");
    }

    @Test
    void theUserCanMakePathsWritable() throws IOException {
        Files.writeString(project.resolve("rowmill.properties"), "mount-writable=pkg/Made.java\n");

        command().run().succeeded();

        assertThat(project.resolve("pkg/Made.java")).hasContent("x");
    }

    @Test
    void aPathOutsideTheProjectIsRefused() {
        command("--mount-writable", "../other").run().refused("--mount-writable", "other");
    }
}
