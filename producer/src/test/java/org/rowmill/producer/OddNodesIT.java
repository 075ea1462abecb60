package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.store.DuckDb;

/** Nodes with unusual settings: they compute, or one warning says what is wrong and what to do. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OddNodesIT {

    private static final int SPACES = 1;
    private static final int CSH = 2;
    private static final int FISH = 3;
    private static final int TALKATIVE = 4;
    private static final int OTHER_TIME = 5;
    private static final int POSIX_LOCALE = 6;
    private static final int ODD_LOCALE = 7;
    private static final int FULL_TMP = 8;
    private static final int NOEXEC_TMP = 9;
    private static final int USABLE = 9;

    private static final int OTHER_SHELL = 10;
    private static final int LEAVES = 11;
    private static final int NOEXEC_HOME = 12;
    private static final int READ_ONLY_HOME = 13;
    private static final int FULL_HOME = 14;
    private static final int NODES = 14;

    private static final int HOURS = 7;
    private static final Duration START = Duration.ofSeconds(90);

    private Testbed testbed;

    @TempDir
    private Path project;

    @BeforeAll
    void up() {
        List<String> specs = new ArrayList<>();
        IntStream.rangeClosed(1, NODES).forEach(node -> specs.add(node + ":limit=1"));
        specs.set(NOEXEC_HOME - 1, NOEXEC_HOME + ":limit=1,nojava");
        testbed = Testbed.up(NODES, specs.toArray(String[]::new));
        setHome(SPACES, "/home/my home  of tb1");
        setShell(CSH, "tcsh", ".cshrc", "echo welcome; set prompt = \"% \"; alias cd \"echo no\"; false");
        setShell(FISH, "fish", ".config/fish/config.fish", "echo welcome; false");
        setShell(
                TALKATIVE,
                "bash",
                ".bashrc",
                "echo welcome; echo 'to @rowmill' >&2; cd /; trap 'echo bye' EXIT; false");
        testbed.rexec(TALKATIVE, "cp ~tb4/.bashrc ~tb4/.profile");
        testbed.setEnvironment(
                OTHER_TIME,
                "LD_PRELOAD=" + fakeTime(),
                "FAKETIME=+" + HOURS + "h",
                "FAKETIME_DONT_FAKE_MONOTONIC=1",
                "FAKETIME_FORCE_MONOTONIC_FIX=0",
                "NO_FAKE_STAT=1");
        testbed.setEnvironment(POSIX_LOCALE, "LC_ALL=POSIX");
        testbed.setEnvironment(
                ODD_LOCALE, "LC_ALL=tr_TR.ISO-8859-9", "TZ=Asia/Tokyo", "JAVA_TOOL_OPTIONS=-Duser.language=tr");
        testbed.rexec(FULL_TMP, "mount -t tmpfs -o size=64k,mode=1777 small /tmp; cat /dev/zero >/tmp/all 2>&1; true");
        testbed.rexec(NOEXEC_TMP, "mount -t tmpfs -o noexec,mode=1777 noexec /tmp");
        setShell(OTHER_SHELL, "bash", ".bashrc", "exec bash --norc");
        setShell(LEAVES, "bash", ".bashrc", "echo 'no work today'; exit 3");
        testbed.rexec(NOEXEC_HOME, "mount -o bind,remount,noexec /home");
        testbed.rexec(READ_ONLY_HOME, "mount -o bind,remount,ro /home");
        testbed.rexec(
                FULL_HOME,
                "cp -a /home /root/copy; mount -t tmpfs -o size=512k small /home; cp -a /root/copy/. /home/;"
                        + " cat /dev/zero >/home/all 2>&1; true");
    }

    @AfterAll
    void down() {
        testbed.close();
    }

    /** The user database is a file that is mounted over that of the system: it can be written, but not replaced. */
    private void changeUser(int node, String expression) {
        testbed.rexec(
                node,
                "sed '/^tb" + node + ":/" + expression + "' /etc/passwd >/root/passwd; cat /root/passwd >/etc/passwd");
    }

    private void setHome(int node, String home) {
        changeUser(node, "s|:/home/[^:]*:|:" + home + ":|");
        testbed.rexec(node, "mkdir '" + home + "' && chown tb" + node + " '" + home + "'");
    }

    private void setShell(int node, String shell, String file, String line) {
        changeUser(node, "s|:[^:]*$|:" + testbed.head("which", shell).strip() + "|");
        testbed.exec(node, "mkdir -p $(dirname ~/" + file + ")");
        testbed.rexec(node, "cat >~tb" + node + "/" + file + " <<'END'\n" + line + "\nEND\n");
    }

    private String fakeTime() {
        return testbed.head("sh", "-c", "ls /usr/lib/*/faketime/libfaketimeMT.so.1")
                .strip();
    }

    private ProducerCommand.Result run(int... nodes) {
        return command(nodes).run().succeeded();
    }

    private ProducerCommand command(int... nodes) {
        return ProducerCommand.of(
                        "run", project, "-v", "--cpu-limit", 1, "--ssh-cluster-csv-path", testbed.clusterCsv(nodes))
                .onJvmWith("-Duser.home=" + testbed.home())
                .behind(testbed.headPrefix().toArray(String[]::new));
    }

    /** Every node holds its first row until all nodes have one, so that each node computes. */
    @Test
    void unusualNodesComputeTheSameValues() throws IOException {
        Files.writeString(project.resolve("größe"), "42");
        Projects.table(project, "Odd", "Integer", Projects.MEET + """
                @Override public Stream<Integer> index() { return IntStream.range(0, 60).boxed(); }
                @Column String node(RowContext context) { return context.node(); }
                @Column long clock(RowContext context) throws Exception {
                    meet(context, %d);
                    return Instant.now().getEpochSecond();
                }
                @Column String size() throws Exception { return Files.readString(Path.of("größe")); }
                @Column String locale(RowContext context) {
                    return "TITLE".toLowerCase() + String.format("%%.1f", 1.5) + ZoneId.systemDefault();
                }
                @Column String scratch(RowContext context) throws Exception {
                    return Files.readString(Files.writeString(context.scratch().resolve("große"), "x".repeat(9000)));
                }
                @Column String printed(RowContext context) throws Exception {
                    return context.run(new ProcessBuilder("printf", "größe")).output();
                }
                """.formatted(USABLE + 1));

        ProducerCommand.Result result = run(IntStream.rangeClosed(1, USABLE).toArray());

        assertThat(result.err()).doesNotContain("warning");
        assertThat(project.resolve("seen").toFile().list())
                .contains(IntStream.rangeClosed(1, USABLE)
                        .mapToObj(testbed::address)
                        .toArray(String[]::new));
        assertThat(odd("count(*), count(DISTINCT index), count(DISTINCT node)")).containsExactly(60L, 60L, USABLE + 1L);
        assertThat(odd("count(DISTINCT (size, locale, scratch, printed))")).containsExactly(1L);
        assertThat(odd("min(size), min(printed)")).containsExactly("42", "größe");
        assertThat(odd("(max(clock) - min(clock)) // 3600")).containsExactly((long) HOURS);
    }

    private List<Object> odd(String columns) {
        return DuckDb.query(project.resolve("tables/Odd"), "SELECT " + columns + " FROM $")
                .get(0);
    }

    /** The list of mounts escapes spaces. */
    @Test
    void leftoversInAHomeWithSpacesAreRemoved() {
        testbed.ssh(
                SPACES,
                "printf '#!/bin/sh\\nexec /usr/lib/openssh/sftp-server\\n' >/tmp/serve; chmod +x /tmp/serve;"
                        + " mkdir -p .rowmill-remote/dead-1 .rowmill-remote/.dead-1; echo 999999 >.rowmill-remote/.dead-1/agent;"
                        + " sshfs -o ssh_command=/tmp/serve x:/ .rowmill-remote/dead-1; grep -q dead-1 /proc/mounts");
        // The run waits for the node: otherwise it may end before the node agent has started.
        Projects.table(project, "Met", "Integer", Projects.MEET + """
                @Override public Stream<Integer> index() { return IntStream.range(0, 10).boxed(); }
                @Column int value(int index, RowContext context) throws Exception {
                    meet(context, 2);
                    return index;
                }
                """);

        run(SPACES);

        await().atMost(START)
                .untilAsserted(() -> assertThat(testbed.ssh(
                                SPACES, "ls -A .rowmill-remote 2>/dev/null; grep rowmill-remote /proc/mounts; true"))
                        .isBlank());
    }

    @Test
    void unusableNodesAreSkippedWithTheReason() throws IOException {
        Projects.table(project, "Slow", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, 10).boxed(); }
                @Column int value(int index) throws InterruptedException {
                    while (!Files.exists(Path.of("go"))) { Thread.sleep(50); }
                    return index;
                }
                """);
        int[] nodes = {OTHER_SHELL, LEAVES, NOEXEC_HOME, READ_ONLY_HOME, FULL_HOME};
        String err;
        try (ProducerCommand.Running running = command(nodes).start()) {
            running.awaitErr(
                    START,
                    IntStream.of(nodes)
                            .mapToObj(node -> "warning: " + testbed.address(node) + ": ")
                            .toArray(String[]::new));
            Files.createFile(project.resolve("go"));
            err = running.await().succeeded().err();
        }

        assertThat(warning(err, OTHER_SHELL)).contains(": probe: ", "runs another shell", "an exec in .bashrc");
        assertThat(warning(err, LEAVES))
                .contains(": probe: ", "the node's shell answered: no work today", "start-up files");
        assertThat(warning(err, NOEXEC_HOME)).contains(": Java: ", "Permission denied", "without noexec");
        assertThat(warning(err, READ_ONLY_HOME)).contains(": copy: ", "Read-only file system", "make it writable");
        assertThat(warning(err, FULL_HOME)).contains(": copy: ", "No space left on device");
    }

    /** Returns the only warning about a node. */
    private String warning(String err, int node) {
        List<String> warnings = err.lines()
                .filter(line -> line.startsWith("warning: " + testbed.address(node) + ": "))
                .toList();
        assertThat(warnings).as(err).hasSize(1);
        return warnings.get(0);
    }
}
