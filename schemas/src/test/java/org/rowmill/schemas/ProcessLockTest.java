package org.rowmill.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.schemas.ProcessLock.Outcome;

class ProcessLockTest {

    /** A pid that no Linux has. */
    private static final String NO_PROCESS = "4194305";

    @TempDir
    private Path directory;

    private Path file;
    private FileChannel channel;

    @BeforeEach
    void open() throws IOException {
        file = directory.resolve("lock");
        channel = opened();
    }

    private FileChannel opened() throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    @AfterEach
    void close() throws IOException {
        channel.close();
    }

    @Test
    void theFirstTakesIt() throws IOException {
        ProcessLock locks = new ProcessLock();
        assertThat(locks.attempt(channel)).isEqualTo(Outcome.TAKEN);
        try (FileChannel other = opened()) {
            assertThat(locks.attempt(other)).isEqualTo(Outcome.HELD);
        }
    }

    @Nested
    class WithoutLocksOfTheFileSystem {

        private final ProcessLock locks = new ProcessLock(of -> {
            throw new IOException("No locks available");
        });

        private Outcome attemptWith(String pid, String host, String started) throws IOException {
            Files.writeString(file, "pid=%s\nhost=%s\nrun=r1\nstarted=%s\n".formatted(pid, host, started));
            return locks.attempt(channel);
        }

        @Test
        void aFileThatNamesNobodyIsFree() throws IOException {
            assertThat(locks.attempt(channel)).isEqualTo(Outcome.UNLOCKABLE);
            Files.writeString(file, "pid=1\nho");
            assertThat(locks.attempt(channel)).isEqualTo(Outcome.UNLOCKABLE);
        }

        @Test
        void aProcessThatIsAliveHoldsIt() throws IOException {
            ProcessLock.write(channel, "r1");

            assertThat(locks.attempt(channel)).isEqualTo(Outcome.HELD);
        }

        @Test
        void aProcessThatHasEndedHoldsItNoMore() throws IOException {
            assertThat(attemptWith(NO_PROCESS, ProcessLock.host(), "2026-01-01T00:00:00Z"))
                    .isEqualTo(Outcome.UNLOCKABLE);
        }

        @Test
        void aLaterProcessWithTheSameNumberDoesNotHoldIt() throws IOException {
            String self = Long.toString(ProcessHandle.current().pid());
            assertThat(attemptWith(self, ProcessLock.host(), "2001-01-01T00:00:00Z"))
                    .isEqualTo(Outcome.UNLOCKABLE);
        }

        @Test
        void aProcessOfAnotherComputerIsNotJudgedByItsNumber() throws IOException {
            String self = Long.toString(ProcessHandle.current().pid());
            assertThat(attemptWith(self, "elsewhere", "2999-01-01T00:00:00Z")).isEqualTo(Outcome.UNLOCKABLE);
            assertThat(ProcessLock.isElsewhere(ProcessLock.read(channel))).isTrue();
            assertThat(ProcessLock.isElsewhere(Map.of())).isFalse();
        }
    }
}
