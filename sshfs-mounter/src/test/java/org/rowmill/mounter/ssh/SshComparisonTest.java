package org.rowmill.mounter.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Logs in with many configurations, once with the program ssh and once with Rowmill, and compares whether the login
 * succeeds, and as whom. {@code docs/ssh.md} has a table of the cases.
 */
@Tag("slow")
@SuppressWarnings("NullAway.Init") // BeforeAll
class SshComparisonTest {

    private static final Path PAGE = Path.of("..", "docs", "ssh.md");
    private static final Pattern ROW =
            Pattern.compile("\\| (.+?) \\| (logs in|fails) \\| (logs in|fails)(?:, .*)? \\|");

    @TempDir
    private static Path directory;

    private static SshComparison servers;

    @BeforeAll
    static void startServers() throws Exception {
        servers = SshComparison.start(directory);
    }

    @AfterAll
    static void stopServers() throws Exception {
        servers.close();
    }

    static Stream<SshCase> cases() {
        return SshCases.all().stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void rowmillLogsInAsSshDoes(SshCase one) throws Exception {
        SshComparison.Attempt ssh = servers.bySsh(one);
        SshComparison.Attempt rowmill = servers.byRowmill(one);

        assertThat(ssh.succeeds()).as("ssh: %s", ssh.output()).isEqualTo(one.ssh());
        assertThat(rowmill.succeeds()).as("Rowmill: %s", rowmill.output()).isEqualTo(one.rowmill());
        if (one.ssh() == one.rowmill()) {
            assertThat(rowmill.users()).as("who logs in: %s", rowmill.output()).isEqualTo(ssh.users());
            assertThat(rowmill.knownHosts()).as("lines of known_hosts").isEqualTo(ssh.knownHosts());
        }
    }

    @Test
    void thePageShowsTheCases() throws IOException {
        Map<String, String> rows = new TreeMap<>();
        Files.readAllLines(PAGE).stream()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .forEach(row -> rows.put(row.group(1), row.group(2) + ", " + row.group(3)));
        Map<String, String> expected = new TreeMap<>();
        cases().forEach(one -> expected.put(one.name(), word(one.ssh()) + ", " + word(one.rowmill())));
        assertThat(rows).containsExactlyEntriesOf(expected);
    }

    private static String word(boolean succeeds) {
        return succeeds ? "logs in" : "fails";
    }
}
