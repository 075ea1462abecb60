package org.rowmill.producer.rundir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.schemas.ProcessLock;
import org.rowmill.schemas.WrongInput;

class RunDirectoryTest {

    @TempDir
    private Path project;

    @Test
    void closingDeletesTheStateAndKeepsTheLogs() throws IOException {
        Path state;
        Path logs;
        try (RunDirectory directory = RunDirectory.create(project, "r1")) {
            state = directory.state();
            logs = directory.logs();
            Files.writeString(state.resolve("journal"), "x");
        }

        assertThat(state).doesNotExist();
        assertThat(logs).isDirectory();
    }

    @Test
    void aNewRunDeletesTheStateOfKilledRunsOnly() throws IOException {
        Path dead = Files.createDirectories(project.resolve(".rowmill/run-dead"));
        Files.createFile(dead.resolve("lock"));
        try (RunDirectory live = RunDirectory.create(project, "live");
                RunDirectory next = RunDirectory.create(project, "next")) {
            assertThat(dead).doesNotExist();
            assertThat(live.state()).exists();
            assertThat(next.state()).exists();
        }
    }

    @Test
    void withoutLocksTheStateOfARunIsKeptUntilItsProcessHasEnded() throws IOException {
        ProcessLock noLocks = new ProcessLock(channel -> {
            throw new IOException("No locks available");
        });
        try (RunDirectory live = RunDirectory.create(project, "live")) {
            Path lock = live.state().resolve("lock");
            assertThat(RunDirectory.isDead(live.state(), noLocks)).isFalse();

            String content = Files.readString(lock);
            Files.writeString(lock, content.replaceFirst("host=.*", "host=elsewhere"));
            assertThat(RunDirectory.isDead(live.state(), noLocks)).isFalse();

            Files.writeString(lock, content.replaceFirst("pid=.*", "pid=4194305"));
            assertThat(RunDirectory.isDead(live.state(), noLocks)).isTrue();

            Files.writeString(lock, "");
            assertThat(RunDirectory.isDead(live.state(), noLocks))
                    .as("being created")
                    .isFalse();
        }
    }

    @Test
    void theStateOfARunKilledBeforeItTookTheLockIsDeletedLater() throws IOException {
        Path dead = Files.createDirectories(project.resolve(".rowmill/run-dead"));
        Path fresh = Files.createDirectories(project.resolve(".rowmill/run-fresh"));
        Files.setLastModifiedTime(dead, FileTime.from(Instant.now().minus(Duration.ofMinutes(2))));

        RunDirectory.create(project, "next").close();

        assertThat(dead).doesNotExist();
        assertThat(fresh).as("another run may be creating it").exists();
    }

    @Test
    void aRunThatComputesNothingDeletesTheStateOfKilledRunsToo() throws IOException {
        RunDirectory.deleteKilled(project);
        assertThat(project.resolve(".rowmill")).doesNotExist();
        Path dead = Files.createDirectories(project.resolve(".rowmill/run-dead"));
        Files.createFile(dead.resolve("lock"));

        RunDirectory.deleteKilled(project);

        assertThat(dead).doesNotExist();
    }

    @Test
    void twoRunsMayDeleteTheSameDirectory() throws IOException {
        for (int i = 0; i < 50; i++) {
            Path directory = project.resolve("d" + i);
            for (int file = 0; file < 20; file++) {
                Files.createFile(
                        Files.createDirectories(directory.resolve("e" + file)).resolve("f"));
            }
            CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
                try {
                    RunDirectory.delete(directory);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });

            RunDirectory.delete(directory);

            other.join();
            assertThat(directory).doesNotExist();
        }
    }

    @Test
    void onlyTheOwnerMayReadThem() throws IOException {
        try (RunDirectory directory = RunDirectory.create(project, "r1")) {
            assertThat(Files.getPosixFilePermissions(directory.state())).hasSize(3);
        }
    }

    @Test
    void aProjectThatCannotBeWrittenIsNamed() throws IOException {
        Files.createFile(project.resolve(".rowmill"));

        assertThatThrownBy(() -> RunDirectory.create(project, "r1"))
                .isInstanceOf(WrongInput.class)
                .hasMessageContaining(project.toString());
    }
}
