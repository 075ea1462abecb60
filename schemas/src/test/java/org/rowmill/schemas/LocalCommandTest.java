package org.rowmill.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalCommandTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    private Path directory;

    private static List<String> shell(String script) {
        return List.of("/bin/sh", "-c", script);
    }

    @Test
    void outputErrorsAndExitCodeAreReturned() throws IOException {
        assertThat(LocalCommand.run(shell("cat; echo wrong >&2; exit 3"), "in\n", LONG))
                .isEqualTo(new LocalCommand.Ended(3, "in\n", "wrong\n"));
    }

    @Test
    void aProgramThatIsTooSlowIsKilledWithItsChildren() throws IOException {
        Path pid = directory.resolve("pid");
        assertThatThrownBy(
                        () -> LocalCommand.run(shell("sleep 100 & echo $! >" + pid + "; wait"), Duration.ofSeconds(2)))
                .isInstanceOf(LocalCommand.TooSlow.class)
                .hasMessage("/bin/sh did not end within 2 s");
        long child = Long.parseLong(Files.readString(pid).strip());
        await().until(() ->
                ProcessHandle.of(child).filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    void aProgramThatIsNotInstalledCannotBeStarted() {
        assertThatThrownBy(() -> LocalCommand.run(List.of("no-such-program"), LONG))
                .isInstanceOf(LocalCommand.CannotStart.class)
                .hasMessageStartingWith("no-such-program cannot be started: ");
    }

    @Test
    void aChildThatKeepsTheOutputOpenDoesNotDelayTheResult() throws IOException {
        assertThat(LocalCommand.run(shell("sleep 5 & exit 4"), LONG).exitCode()).isEqualTo(4);
    }

    @Test
    void anInterruptEndsTheProgram() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> LocalCommand.run(shell("sleep 100"), LONG)).isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
    }
}
