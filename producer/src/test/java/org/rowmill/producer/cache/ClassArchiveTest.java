package org.rowmill.producer.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassArchiveTest {

    private static final String LISTS = "-XX:DumpLoadedClassList=";

    @TempDir
    private Path directory;

    private Path jar;
    private ClassArchive archive;

    @BeforeEach
    void makeJar() throws IOException {
        jar = Files.writeString(directory.resolve("a.jar"), "jar");
        archive = ClassArchive.of("head", jar, directory.resolve("cache"));
    }

    /** Does what a JVM with the options of the archive does. */
    private void list() throws IOException {
        String file = archive.options().get(0);
        assertThat(file).startsWith(LISTS);
        Files.writeString(Path.of(file.substring(LISTS.length())), "java/lang/Object id: 0");
    }

    private Stream<String> cached() {
        return Stream.of(directory.resolve("cache").toFile().list()).map(name -> name.replaceAll("^[^.]*", ""));
    }

    @Test
    void theFirstJvmListsItsClassesAndALaterOneUsesTheArchiveOfThem() throws IOException {
        assertThat(archive.isListed()).isTrue();
        list();
        archive.keep(true);
        assertThat(cached()).containsExactly(".classes");
        assertThat(archive.options()).isEmpty();
        assertThat(archive.canBeMade()).isTrue();

        archive.publish(Files.writeString(archive.attempt(), "archive"));

        assertThat(cached()).containsExactly(".jsa");
        assertThat(archive.options()).anyMatch(option -> option.startsWith("-XX:SharedArchiveFile="));
        assertThat(archive.canBeMade()).isFalse();
    }

    @Test
    void theListOfAJvmThatDidNotDoItsWorkIsNotKept() throws IOException {
        list();
        archive.keep(false);

        assertThat(cached()).isEmpty();
        assertThat(archive.isListed()).isTrue();
    }

    @Test
    void anArchiveThatCannotBeMadeIsNotTriedAgainForADay() throws IOException {
        list();
        archive.keep(true);
        archive.fail();

        assertThat(archive.canBeMade()).isFalse();
        assertThat(archive.options()).isEmpty();
        assertThat(cached()).containsExactly(".jsa-failed");

        Path failed = directory
                .resolve("cache")
                .resolve(directory.resolve("cache").toFile().list()[0]);
        Files.setLastModifiedTime(failed, FileTime.fromMillis(System.currentTimeMillis() - 90_000_000));
        assertThat(archive.isListed()).isTrue();
    }

    @Test
    void anotherJarHasAnotherArchive() throws IOException {
        list();
        archive.keep(true);
        Files.writeString(jar, "another jar");

        assertThat(ClassArchive.of("head", jar, directory.resolve("cache")).isListed())
                .isTrue();
    }
}
