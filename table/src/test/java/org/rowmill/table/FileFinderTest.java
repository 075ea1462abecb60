package org.rowmill.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileFinderTest {

    @TempDir
    private Path project;

    private FileFinder finder() {
        return new FileFinder(project, project, FileSystems.getDefault().getPathMatcher("glob:**.txt"));
    }

    @Test
    void whatVanishesOrCannotBeReadIsCountedAndNamed() {
        FileFinder finder = finder();

        assertThat(finder.visitFileFailed(project.resolve("data/d2"), new NoSuchFileException("d2")))
                .isEqualTo(FileVisitResult.CONTINUE);
        assertThat(finder.postVisitDirectory(project.resolve("data/d3"), new AccessDeniedException("d3")))
                .isEqualTo(FileVisitResult.CONTINUE);
        finder.postVisitDirectory(project, null);
        finder.visitFileFailed(project, new FileSystemLoopException(""));

        assertThat(finder.skipped())
                .hasValue("2 files or directories that vanished or cannot be read, such as data/d2"
                        + " (NoSuchFileException)");
    }

    @Test
    void namesThatAreNotUtf8AreCountedAndNamed() throws IOException, InterruptedException {
        sh("mkdir deep $(printf 'alt\\374') && >deep/a.txt && >$(printf 'deep/gr\\366\\337e.txt')"
                + " && >$(printf 'alt\\374/b.txt') && >größe.txt");
        FileFinder finder = finder();

        Files.walkFileTree(project, finder);

        assertThat(finder.found()).containsExactly(Path.of("deep/a.txt"), Path.of("größe.txt"));
        assertThat(finder.skipped().orElseThrow())
                .startsWith("2 names that are not UTF-8, such as ")
                .contains("convmv");
    }

    @Test
    void usuallyNothingIsSkipped() throws IOException {
        Files.createFile(project.resolve("a.txt"));
        FileFinder finder = finder();

        Files.walkFileTree(project, finder);

        assertThat(finder.found()).hasSize(1);
        assertThat(finder.skipped()).isEmpty();
    }

    private void sh(String script) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("sh", "-c", script)
                        .directory(project.toFile())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }
}
