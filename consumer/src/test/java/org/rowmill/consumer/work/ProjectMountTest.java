package org.rowmill.consumer.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The check for a lost mount, with plain directories. Tests of clusters use real mounts. */
class ProjectMountTest {

    private static final Duration LIMIT = Duration.ofMillis(300);

    @TempDir
    private Path directory;

    private static Duration timeHeld(ProjectMount mount) {
        long start = System.nanoTime();
        mount.holdIfLost();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    void aWorkingMountDoesNotDelayAFailure() throws IOException {
        assertThat(timeHeld(ProjectMount.at(directory, Duration.ofMinutes(1)))).isLessThan(Duration.ofSeconds(30));
        assertThat(timeHeld(ProjectMount.none())).isLessThan(LIMIT);
    }

    @Test
    void anotherDirectoryInPlaceOfTheMountHoldsTheRow() throws IOException {
        Path root = Files.createDirectory(directory.resolve("project"));
        ProjectMount mount = ProjectMount.at(root, LIMIT);
        Files.move(root, directory.resolve("moved"));
        Files.createDirectory(root);

        assertThat(timeHeld(mount)).isGreaterThanOrEqualTo(LIMIT);
    }

    @Test
    void anErrorOfTheMountHoldsTheRowEvenIfItIsInterrupted() throws IOException {
        Path root = Files.createDirectory(directory.resolve("project"));
        ProjectMount mount = ProjectMount.at(root, LIMIT);
        Files.delete(root);
        Files.writeString(
                root, "not a directory: reading a name below it fails with another error than a missing file");
        Thread.currentThread().interrupt();

        assertThat(timeHeld(mount)).isGreaterThanOrEqualTo(LIMIT);
    }
}
