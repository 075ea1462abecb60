package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.store.DuckDb;

/**
 * Computes what project code finds around it in {@code index()}, in columns on the head and on nodes, and in {@code
 * report}, for each way to start a run, and compares. A description has a line for each part of the world.
 */
class WorldIT {

    private static final int CSH = 1;
    private static final int OTHER_LOCALE = 2;

    /** Does not contain the names of the locale variables: LANG=C.UTF-8 and LC_ALL=C.UTF-8 are the same world. */
    private static final String WORLD = """
            static String world() throws Exception {
                Path made = Files.createTempDirectory(Path.of("made"), "d");
                Files.createDirectory(made.resolve("d"));
                Files.writeString(made.resolve("größe"), "x");
                String modes = Files.getPosixFilePermissions(made.resolve("d")) .stream().sorted().toList()
                        + " " + Files.getPosixFilePermissions(made.resolve("größe")).stream().sorted().toList();
                Process sh = new ProcessBuilder("sh", "-c", "[ -e here ] && echo here; umask; locale charmap;"
                        + " printf 'ä\\nz\\nB\\n' | sort | tr '\\n' ' '; date -d @0 +'%Z %H %B'; printf %.2f 3.14; echo;"
                        + " echo \\"$ASKED\\"; cat \\"$0\\"", made.resolve("größe").toString())
                        .redirectErrorStream(true).start();
                String program = new String(sh.getInputStream().readAllBytes(), "UTF-8");
                return String.join("\\n",
                        "directory " + Files.exists(Path.of("here")),
                        "loader " + (Thread.currentThread().getContextClassLoader() == World.class.getClassLoader()),
                        "charset " + java.nio.charset.Charset.defaultCharset(),
                        "names " + System.getProperty("sun.jnu.encoding") + " " + System.getProperty("file.encoding"),
                        "locale " + Locale.getDefault() + " " + Locale.getDefault(Locale.Category.FORMAT)
                                + " " + Locale.getDefault(Locale.Category.DISPLAY),
                        "number " + String.format("%.2f", 3.14) + " TITLE".toLowerCase(),
                        "zone " + ZoneId.systemDefault() + " " + TimeZone.getDefault().getID(),
                        "asked " + System.getenv("ASKED"),
                        "modes " + modes,
                        "program " + program);
            }
            """;

    @TempDir
    private Path directory;

    private Path project;

    @BeforeEach
    void makeProject() throws IOException {
        project = directory.resolve("größe");
        Projects.table(project, "World", "Path", Projects.MEET + WORLD + """
                @Override public Stream<Path> index() throws java.io.IOException {
                    try {
                        Files.writeString(Path.of("made/index"), world());
                        return Index.files("data/*");
                    } catch (Exception e) { throw new java.io.IOException(e); }
                }
                @Column String world(Path file, RowContext context) throws Exception {
                    meet(context, Integer.parseInt(Files.readString(Path.of("here"))));
                    return Files.size(file) + "\\n" + world();
                }
                @Column String node(RowContext context) { return context.node(); }
                @Override public void report(Rows<Path> rows, PrintStream out) {
                    try { out.print(world()); } catch (Exception e) { throw new IllegalStateException(e); }
                }
                """);
        for (int i = 0; i < 20; i++) {
            Files.writeString(Files.createDirectories(project.resolve("data")).resolve("日本 " + i), "x");
        }
        Files.createDirectories(project.resolve("made"));
        Files.writeString(project.resolve("here"), "1");
    }

    /** Returns the only description of the world in index(), report() and all rows of a run. */
    private String onlyWorld(ProducerCommand.Result result, Path tables, int nodes) throws IOException {
        List<List<Object>> rows = DuckDb.query(tables.resolve("World"), "SELECT DISTINCT world FROM $ ORDER BY 1");
        String index = Files.readString(project.resolve("made/index"));
        assertThat(rows).hasSize(1);
        assertThat(rows.get(0).get(0)).isEqualTo("1\n" + index);
        assertThat(result.out().replace("\r", "")).contains(index);
        assertThat(DuckDb.number(tables.resolve("World"), "SELECT count(DISTINCT node) FROM $"))
                .isEqualTo(nodes);
        assertThat(DuckDb.number(tables.resolve("World"), "SELECT count(*) FROM $ WHERE index LIKE 'data/日本 %'"))
                .isEqualTo(20);
        return index;
    }

    private ProducerCommand command(Path tables) {
        return ProducerCommand.of("run", project, "--output", tables, "--no-progress", "--env", "ASKED=größe $1 'x'");
    }

    /** In each way to start a run, the names of project and files are not ASCII. */
    @Test
    void aRunFindsTheSameWorldHoweverItIsStarted() throws IOException {
        String cache = "XDG_CACHE_HOME=" + ProducerCommand.CACHE;
        Map<String, String[]> starts = Map.of(
                "terminal",
                terminal(),
                "nothing",
                new String[] {"env", "-i", cache},
                "cron",
                atRoot("env -i HOME=/ LOGNAME=root SHELL=/bin/sh PATH=/usr/bin:/bin LC_ALL=C " + cache),
                "systemd",
                atRoot("setsid -w env -i LANG=POSIX PATH=/usr/bin:/bin INVOCATION_ID=1 JOURNAL_STREAM=8:1 " + cache));
        Map<String, String> worlds = new TreeMap<>();
        for (Map.Entry<String, String[]> start : starts.entrySet()) {
            Path tables = directory.resolve(start.getKey());
            ProducerCommand.Result result =
                    command(tables).behind(start.getValue()).run();
            worlds.put(start.getKey(), onlyWorld(result.succeeded(), tables, 1));
        }
        assertThat(worlds.values()).as("%s", worlds).containsOnly(worlds.get("terminal"));
        assertThat(worlds.get("terminal"))
                .contains("directory true", "loader true", "UTF-8", "number 3.14 title", "asked größe $1 'x'")
                .contains("program here\n", "\nUTF-8\n", "\ngröße $1 'x'\nx");
    }

    /** Starts a command in the root directory, and without input. */
    private static String[] atRoot(String command) {
        return new String[] {"sh", "-c", "cd / && exec " + command + " \"$@\" </dev/null", "sh"};
    }

    /** Runs a command behind a pseudo-terminal. {@code script} takes one text, so the words are quoted for a shell. */
    private static String[] terminal() {
        return new String[] {
            "bash",
            "-c",
            "SHELL=/bin/bash LANG=C.UTF-8 LC_ALL= exec script -qec \"$(printf '%q ' \"$@\")\" /dev/null",
            "bash"
        };
    }

    @Test
    void nodesFindTheWorldOfTheHead() throws IOException {
        try (Testbed testbed = Testbed.up(2, "1:limit=1", "2:limit=1")) {
            testbed.rexec(
                    CSH, "sed '/^tb1:/s|:[^:]*$|:/bin/tcsh|' /etc/passwd >/root/passwd; cat /root/passwd >/etc/passwd");
            testbed.rexec(
                    OTHER_LOCALE,
                    "echo 'SetEnv LC_ALL=de_DE.UTF-8 TZ=Asia/Tokyo ASKED=other' >>/etc/ssh/sshd_config;"
                            + " pkill -HUP -o -x sshd; until ssh-keyscan -p 22 127.0.0.1 2>/dev/null | grep -q ed25519;"
                            + " do sleep 0.05; done");
            Files.writeString(project.resolve("here"), "3");
            Files.writeString(project.resolve("rowmill.properties"), "env=ASKED=of the file\\n\\\n  OTHER=1\n");
            Path tables = directory.resolve("tables");
            List<String> prefix = new ArrayList<>(testbed.headPrefix());
            prefix.addAll(List.of("sh", "-c", "umask 027; cd /; exec \"$@\"", "sh"));

            ProducerCommand.Result result = ProducerCommand.of(
                            "run",
                            project,
                            "--output",
                            tables,
                            "--no-progress",
                            "--cpu-limit",
                            1,
                            "--ssh-cluster-csv-path",
                            testbed.clusterCsv())
                    .onJvmWith("-Duser.home=" + testbed.home())
                    .with("TZ", "America/New_York")
                    .with("LANG", "C.UTF-8")
                    .behind(prefix.toArray(String[]::new))
                    .run()
                    .succeeded();

            assertThat(result.err()).doesNotContain("warning");
            assertThat(onlyWorld(result, tables, 3))
                    .contains("zone America/New_York", "program here\n0027", "EST 19 December", "asked of the file")
                    .contains(
                            "[OWNER_READ, OWNER_WRITE, OWNER_EXECUTE, GROUP_READ, GROUP_EXECUTE] [OWNER_READ, OWNER_WRITE, GROUP_READ]");
        }
    }
}
