package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.store.DuckDb;

/** Names that a shell would interpret, wherever a user can choose a name: no shell reads them unquoted. */
class HostileNamesIT {

    private static final String ODD =
            "-rf $(touch canary1) `touch canary2`;touch canary3;' \" \\ | & > canary4\n%s *~#";
    private static final int LONGEST_NAME = 255;

    @TempDir
    private Path directory;

    /** Returns a name of the greatest length that a file system permits. */
    private static String odd(String first) {
        String name = first + ODD;
        return name + "x".repeat(LONGEST_NAME - name.getBytes(StandardCharsets.UTF_8).length);
    }

    private Path named(String first) {
        return directory.resolve(odd(first));
    }

    private static String csv(String field) {
        return '"' + field.replace("\"", "\"\"") + '"';
    }

    private List<Path> canaries(Path below) throws IOException {
        try (Stream<Path> all = Files.walk(below)) {
            return all.filter(path -> path.getFileName().toString().startsWith("canary"))
                    .toList();
        }
    }

    /** Writes a cluster file with such a name, which names such a key and such a directory for scratch files. */
    private Path cluster(Testbed testbed) throws IOException {
        Path key = Files.copy(
                testbed.sshDirectory().resolve("id_ed25519"),
                directory.resolve(odd("key").replaceAll("\\R", "_")));
        String scratch = "/tmp/" + ODD.replaceAll("\\R", "_");
        testbed.exec(1, "mkdir -- " + quoted(scratch));
        List<String> fields =
                List.of(Files.readAllLines(testbed.clusterCsv(1)).get(1).split(",", -1));
        return Files.writeString(
                named("cluster"),
                "address,ssh_user,ssh_port,local_ssh_file,cpu_limit,scratch\n"
                        + String.join(
                                ",",
                                fields.get(0),
                                fields.get(1),
                                fields.get(2),
                                csv(key.toString()),
                                "1",
                                csv(scratch))
                        + "\n");
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    private ProducerCommand.Result checked(Testbed testbed, String address, String user) throws IOException {
        Path csv = Files.writeString(
                directory.resolve("cluster.csv"),
                "address,ssh_user,ssh_port,local_ssh_file,cpu_limit\n%s,%s,22,%s,1\n"
                        .formatted(csv(address), csv(user), csv(testbed.sshDirectory() + "/id_ed25519")));
        return ProducerCommand.of("nodes", directory, "--ssh-cluster-csv-path", csv)
                .onJvmWith("-Duser.home=" + testbed.home())
                .behind(testbed.headPrefix().toArray(String[]::new))
                .run();
    }

    @Test
    void noShellInterpretsUsersAndAddresses() throws IOException {
        Projects.squares(directory, 1);
        try (Testbed testbed = Testbed.up(1)) {
            for (String user : List.of(
                    "$(touch${IFS}canary5)",
                    "`touch${IFS}canary6`",
                    "x;touch${IFS}canary7",
                    "x|touch${IFS}canary8&",
                    "\u00fc\u4e2d",
                    "u".repeat(LONGEST_NAME))) {
                ProducerCommand.Result result = checked(testbed, testbed.address(1), user);
                assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
                assertThat(result.out()).containsPattern("fails: (resolve|authenticate)"); // ssh rejects some
            }
            for (String address : List.of(
                    "$(touch canary9)",
                    "-oProxyCommand=touch canary10",
                    "x;touch canary11",
                    odd("").replaceAll("\\R", "_"))) {
                ProducerCommand.Result result = checked(testbed, address, "root");
                assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
                assertThat(result.err()).contains("cluster.csv:2: address: ", "a host name or IP address");
            }
            for (String address : List.of("fe80::1%$(touch${IFS}canary12)", "x".repeat(LONGEST_NAME))) {
                ProducerCommand.Result result = checked(testbed, address, "root");
                assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
                assertThat(result.out()).contains("resolve");
            }
            assertThat(canaries(directory)).isEmpty();
            assertThat(canaries(Path.of("").toAbsolutePath())).isEmpty();
            assertThat(testbed.rexec(1, "find / -xdev -name 'canary*' 2>/dev/null; find ~ ~tb1 /tmp -name 'canary*'"))
                    .isBlank();
        }
    }

    @Test
    void noShellInterpretsTheNamesThatARunUses() throws IOException {
        try (Testbed testbed = Testbed.up(1)) {
            Path project = named("project");
            Files.createDirectories(project);
            Files.writeString(project.resolve(odd("")), "text");
            String encoded = Base64.getEncoder().encodeToString(odd("").getBytes(StandardCharsets.UTF_8));
            Projects.table(project, "Odd", "String", Projects.MEET + """
                    private static final String NAME =
                            new String(Base64.getDecoder().decode("%s"), java.nio.charset.StandardCharsets.UTF_8);
                    @Override public Stream<String> index() {
                        return IntStream.range(0, 40).mapToObj(i -> NAME + "\\u00fc\\u4e2d" + i);
                    }
                    @Column int length(String index, RowContext context) throws Exception {
                        meet(context, 2);
                        Files.writeString(context.scratch().resolve(NAME), "x");
                        return Files.readString(Path.of(NAME)).length();
                    }
                    @Column String node(RowContext context) { return context.node(); }
                    """.formatted(encoded));

            ProducerCommand.Result result = ProducerCommand.of(
                            "run", project, "-v", "--cpu-limit", 1, "--ssh-cluster-csv-path", cluster(testbed))
                    .onJvmWith("-Duser.home=" + testbed.home())
                    .behind(testbed.headPrefix().toArray(String[]::new))
                    .run()
                    .succeeded();
            assertThat(result.err()).doesNotContain("warning");

            assertThat(Files.exists(project.resolve("tables/Odd"))).isTrue();
            assertThat(DuckDb.query(
                            Files.createSymbolicLink(directory.resolve("table"), project.resolve("tables/Odd")),
                            "SELECT count(DISTINCT index), sum(length), count(DISTINCT node) FROM $"))
                    .containsExactly(List.of(40L, new BigInteger("160"), 2L));
            assertThat(canaries(directory)).isEmpty();
            assertThat(canaries(Path.of("").toAbsolutePath())).isEmpty();
            assertThat(testbed.rexec(1, "find / -xdev -name 'canary*' 2>/dev/null; find ~ ~tb1 /tmp -name 'canary*'"))
                    .isBlank();
        }
    }
}
