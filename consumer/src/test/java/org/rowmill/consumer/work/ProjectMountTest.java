package org.rowmill.consumer.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a mount's loss looks like to others is tested with real ones, by the cluster's tests. */
class ProjectMountTest {

    private static final Duration LIMIT = Duration.ofMillis(300);

    @TempDir
    private Path directory;

    private static Duration held(ProjectMount mount) {
        long start = System.nanoTime();
        mount.holdIfLost();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    void aProjectThatIsThereHoldsNothing() throws IOException {
        assertThat(held(ProjectMount.at(directory, Duration.ofMinutes(1)))).isLessThan(Duration.ofSeconds(30));
        assertThat(held(ProjectMount.none())).isLessThan(LIMIT);
    }

    @Test
    void anotherDirectoryInItsPlaceHoldsTheRow() throws IOException {
        Path root = Files.createDirectory(directory.resolve("project"));
        ProjectMount mount = ProjectMount.at(root, LIMIT);
        Files.move(root, directory.resolve("moved"));
        Files.createDirectory(root);

        assertThat(held(mount)).isGreaterThanOrEqualTo(LIMIT);
    }

    @Test
    void anErrorThatIsNotTheFilesHoldsTheRowHoweverOftenItIsInterrupted() throws IOException {
        Path root = Files.createDirectory(directory.resolve("project"));
        ProjectMount mount = ProjectMount.at(root, LIMIT);
        Files.delete(root);
        Files.writeString(root, "no directory: what is below it fails with another error than that of a missing file");
        Thread.currentThread().interrupt();

        assertThat(held(mount)).isGreaterThanOrEqualTo(LIMIT);
    }
}
