package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Takes the first step of README.md in a clone of the last commit. It builds Rowmill, so only the nightly build runs
 * this test.
 */
@Tag("nightly")
class QuickstartIT {

    private static final String BUILDING = "Building Rowmill: ";

    /** Maven may have to download libraries. */
    private static final Duration LIMIT = Duration.ofMinutes(15);

    /** Directories that the build, runs and git create. */
    private static final Set<String> UNTRACKED = Set.of(".git", ".rowmill", "tables", "target");

    @TempDir
    private Path directory;

    @Test
    void theScriptBuildsACleanCloneOnceAndPrintsPi() throws IOException, InterruptedException {
        Path clone = clone(Path.of("..").toRealPath());
        String pi = lineOf(clone.resolve("README.md"), "Computed pi ~ ");

        String first = run(clone, "ops/quickstart");
        String second = run(clone, "ops/quickstart");

        assertThat(first).contains(BUILDING).containsOnlyOnce(pi);
        assertThat(second).doesNotContain(BUILDING).containsOnlyOnce(pi);
    }

    private static String lineOf(Path page, String beginning) throws IOException {
        return Files.readAllLines(page).stream()
                .map(String::strip)
                .filter(line -> line.startsWith(beginning))
                .findFirst()
                .orElseThrow();
    }

    private Path clone(Path sources) throws IOException, InterruptedException {
        Path clone = directory.resolve("clone");
        if (Files.exists(sources.resolve(".git"))) {
            run(directory, "git", "clone", "--quiet", sources.toString(), clone.toString());
        } else {
            copy(sources, clone); // an archive of the sources
        }
        return clone;
    }

    private static void copy(Path sources, Path to) throws IOException {
        Files.walkFileTree(sources, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path from, BasicFileAttributes attributes) throws IOException {
                if (UNTRACKED.contains(from.getFileName().toString())) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Files.createDirectories(to.resolve(sources.relativize(from)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path from, BasicFileAttributes attributes) throws IOException {
                Files.copy(from, to.resolve(sources.relativize(from)), StandardCopyOption.COPY_ATTRIBUTES);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Runs a command and returns what it prints. */
    private String run(Path in, String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "output", "");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(in.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("ROWMILL_"));
        builder.environment().put("XDG_CACHE_HOME", directory.resolve("cache").toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        try {
            assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .as("%s ends within %s", List.of(command), LIMIT)
                    .isTrue();
            String printed = Files.readString(output);
            assertThat(process.exitValue())
                    .as("%s: %s", List.of(command), printed)
                    .isZero();
            return printed;
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
