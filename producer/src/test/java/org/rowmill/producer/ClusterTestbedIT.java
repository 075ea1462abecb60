package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Checks that the testbed does what the cluster tests need. */
@Tag("nightly")
class ClusterTestbedIT {

    private static Testbed testbed;

    @BeforeAll
    static void threeNodes() {
        testbed = Testbed.up(3, "2:port=2222,cpu=1", "3:nojava,nosshfs,nofuse,root");
    }

    @AfterAll
    static void takeDown() {
        testbed.close();
        assertThat(testbed.left()).isEmpty();
    }

    @Test
    void sshFromTheHeadReachesEachNode() {
        assertThat(testbed.ssh(1, "whoami")).isEqualTo("tb1\n");
        assertThat(testbed.ssh(2, "whoami")).isEqualTo("tb2\n");
        assertThat(testbed.ssh(3, "whoami")).isEqualTo("root\n");
    }

    @Test
    void theHeadHasAKeyAndKnowsTheNodes() throws IOException {
        assertThat(testbed.sshDirectory().resolve("known_hosts"))
                .content()
                .contains(testbed.address(1) + " ssh-ed25519 ", "[" + testbed.address(2) + "]:2222 ssh-ed25519 ");
        Path key = testbed.sshDirectory().resolve("id_ed25519");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
    }

    @Test
    void theClusterFileNamesTheChosenNodes() {
        Path key = testbed.sshDirectory().resolve("id_ed25519");
        assertThat(testbed.clusterCsv(2, 3))
                .hasContent("address,ssh_user,ssh_port,local_ssh_file,cpu_limit\n"
                        + testbed.address(2) + ",tb2,2222," + key + ",1\n"
                        + testbed.address(3) + ",root,22," + key + ",\n");
        assertThat(testbed.clusterCsv()).content().hasLineCount(4);
    }

    @Test
    void commandsOfTheHeadRunInItsNetwork() throws IOException {
        String links = testbed.head("ip", "-o", "link");
        assertThat(links).contains("br: ").doesNotContain("eth0");
        assertThat(testbed.headPrefix()).isNotEmpty();
    }

    @Test
    void nodesSeeNoFileOfTheHead() throws IOException {
        Path sources = Path.of("..").toRealPath();
        assertThat(testbed.exec(1, "ls", "-A", "/tmp", "/var/tmp", "/home/tb1")).doesNotContain("rowmill-testbed");
        assertThat(testbed.tryExec(1, "ls", sources.resolve("pom.xml").toString())
                        .exitCode())
                .isNotZero();
        assertThat(testbed.exec(1, "pwd")).isEqualTo("/home/tb1\n");
    }

    @Test
    void aNodeHasWhatItsSpecLists() {
        assertThat(testbed.ssh(1, "java", "-version", "2>&1")).contains("version");
        assertThat(testbed.ssh(1, "sshfs", "--version")).contains("SSHFS");
        assertThat(testbed.trySsh(3, "java", "-version").err()).contains("not found");
        assertThat(testbed.trySsh(3, "sshfs", "--version").err()).contains("not found");
        assertThat(testbed.tryExec(3, "exec 3<>/dev/fuse").exitCode()).isNotZero();
        assertThat(testbed.tryExec(1, "exec 3<>/dev/fuse").exitCode()).isZero();
    }

    @Test
    void aKilledNodeRefusesConnectionsAndKeepsItsDisk() {
        testbed.exec(1, "echo kept > ~/file; echo gone > /tmp/file");
        testbed.kill(1);
        assertThat(testbed.trySsh(1, "true").err()).contains("Connection refused");
        testbed.start(1);
        assertThat(testbed.ssh(1, "cat file; ls -A /tmp")).isEqualTo("kept\n");
    }

    @Test
    void aCrashedNodeIsSilentUntilItStarts() {
        testbed.crash(1);
        assertThat(testbed.trySsh(1, "true").err()).contains("timed out");
        testbed.start(1);
        assertThat(testbed.ssh(1, "echo up")).isEqualTo("up\n");
    }

    @Test
    void aCutNodeIsSilentAndKeepsItsProcesses() {
        String sleeper = sleeperOn(1);
        testbed.cut(1);
        assertThat(testbed.trySsh(1, "true").err()).contains("timed out");
        testbed.heal(1);
        assertThat(testbed.ssh(1, "ps -o args= -p " + sleeper)).contains("sleep");
        testbed.exec(1, "kill " + sleeper);
    }

    @Test
    void processesOfAFrozenNodeStopUntilItThaws() {
        String sleeper = sleeperOn(1);
        testbed.freeze(1);
        assertThat(testbed.ps(1)).singleElement().asString().contains("T").contains("sleep 1000");
        assertThat(testbed.trySsh(1, "true").err()).contains("timed out during banner exchange");
        testbed.thaw(1);
        assertThat(testbed.ssh(1, "ps -o stat= -p " + sleeper)).startsWith("S");
        testbed.exec(1, "kill " + sleeper);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(testbed.ps(1)).isEmpty());
    }

    @Test
    void onlySshDropsThePacketsOfOtherPorts() {
        String toOtherNode = "timeout 1 bash -c 'exec 3<>/dev/tcp/" + testbed.address(2) + "/2222'";
        assertThat(testbed.tryExec(1, toOtherNode).exitCode()).isZero();
        testbed.onlySsh();
        assertThat(testbed.tryExec(1, toOtherNode).exitCode()).as("timed out").isEqualTo(124);
        assertThat(testbed.ssh(1, "echo in") + testbed.ssh(2, "echo in")).isEqualTo("in\nin\n");
        testbed.allPorts();
        assertThat(testbed.tryExec(1, toOtherNode).exitCode()).isZero();
    }

    @Test
    void twoTestbedsAreSeparateAndTheSecondLeavesNothing() {
        Testbed second = Testbed.up(1);
        assertThat(second.left()).isNotEmpty();
        assertThat(second.ssh(1, "echo second")).isEqualTo("second\n");
        List<String> other = testbed.left();
        second.close();
        assertThat(second.left()).isEmpty();
        assertThat(testbed.left()).isEqualTo(other);
    }

    private static String sleeperOn(int node) {
        return testbed.exec(node, "setsid sleep 1000 </dev/null >/dev/null 2>&1 & echo $!")
                .strip();
    }
}
