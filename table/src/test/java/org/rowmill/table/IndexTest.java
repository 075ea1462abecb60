package org.rowmill.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexTest {

    @TempDir
    private Path project;

    @BeforeEach
    void setTheProject() throws IOException {
        System.setProperty("rowmill.project", project.toString());
        for (String file : List.of("top.txt", "data/b.txt", "data/a.txt", "data/deep/c.txt", "data/a.csv")) {
            make(file);
        }
    }

    @AfterEach
    void clearTheProject() {
        System.clearProperty("rowmill.project");
    }

    @Test
    void crossVariesTheSecondElementFastest() {
        assertThat(Index.cross(List.of("a", "b"), List.of(1, 2), (s, i) -> s + i))
                .containsExactly("a1", "a2", "b1", "b2");
    }

    @Test
    void filesAreRelativeToTheProjectAndSorted() throws IOException {
        assertThat(Index.files("data/*.txt")).containsExactly(Path.of("data/a.txt"), Path.of("data/b.txt"));
        assertThat(Index.files("**.txt"))
                .containsExactly(
                        Path.of("data/a.txt"), Path.of("data/b.txt"), Path.of("data/deep/c.txt"), Path.of("top.txt"));
        assertThat(Index.files("data/a.{csv,txt}")).hasSize(2);
        assertThat(Index.files("top.txt")).containsExactly(Path.of("top.txt"));
        assertThat(Index.files("none/*.txt")).isEmpty();
    }

    @Test
    void linksAreFollowedAndLoopsAreIgnored() throws IOException {
        Files.createSymbolicLink(project.resolve("linked"), project.resolve("data/deep"));
        Files.createSymbolicLink(project.resolve("data/deep/loop"), project.resolve("data"));
        Files.createSymbolicLink(project.resolve("data/deep/dangling.txt"), project.resolve("nowhere"));

        assertThat(Index.files("linked/*.txt")).containsExactly(Path.of("linked/c.txt"));
        assertThat(Index.files("data/deep/**.csv")).containsExactly(Path.of("data/deep/loop/a.csv"));
    }

    @Test
    void hiddenFilesAreSkippedUnlessTheGlobNamesThem() throws IOException {
        make(".rowmill/logs/x.log");
        make("data/.hidden.log");

        assertThat(Index.files("**.log")).isEmpty();
        assertThat(Index.files(".rowmill/**.log")).containsExactly(Path.of(".rowmill/logs/x.log"));
    }

    @Test
    void invalidGlobsAndThoseThatLeaveTheProjectAreRejected() {
        assertThatThrownBy(() -> Index.files("/etc/*")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Index.files("data/../../*")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Index.files("data/[")).isInstanceOf(IllegalArgumentException.class);
    }

    private void make(String file) throws IOException {
        Path path = project.resolve(file);
        Files.createDirectories(path.getParent());
        Files.createFile(path);
    }
}
