package org.rowmill.mounter.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@code agent.sh} on this computer, with {@code cat} as a consumer that ends when its input ends. */
@Timeout(60)
class AgentScriptTest {

    private static final String HEARTBEAT_TIMEOUT_SECONDS = "2";

    @TempDir
    private Path home;

    private Process agent;
    private PrintStream in;
    private BufferedReader out;

    @BeforeEach
    void start() throws IOException {
        Path script = home.resolve("agent.sh");
        try (InputStream source = AgentScriptTest.class.getResourceAsStream("agent.sh")) {
            Files.write(script, source.readAllBytes());
        }
        agent = new ProcessBuilder("sh", script.toString(), "test", HEARTBEAT_TIMEOUT_SECONDS)
                .directory(home.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        in = new PrintStream(agent.getOutputStream(), true, StandardCharsets.UTF_8);
        out = agent.inputReader(StandardCharsets.UTF_8);
        List.of("token T", ". 1", "in " + home, "arg cat", "start").forEach(in::println);
        assertThat(out.readLine()).isEqualTo("T ready");
        assertThat(out.readLine()).startsWith("T started ");
    }

    @AfterEach
    void end() throws IOException, InterruptedException {
        try (OutputStream input = agent.getOutputStream()) {
            input.flush();
        } catch (IOException e) {
            assertThat(agent.isAlive()).isFalse();
        }
        assertThat(agent.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aConsumerThatTheHeadKillsIsReportedWithItsSignal() throws IOException {
        in.println("kill");

        assertThat(out.readLine()).isEqualTo("T ended 137 ");
    }

    @Test
    void aConsumerThatTheAgentEndsBecauseTheHeadIsGoneIsNotReported() {
        // The test is a head that is frozen: no heartbeat follows, but the connection stays open.
        assertThat(out.lines()).isEmpty();
    }
}
