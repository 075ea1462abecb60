package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Checks that each test which docs/failures.md names exists. */
class FailuresPageTest {

    private static final Path TOP = Path.of("..");
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+(?:Test|IT))\\.(\\w+)`");

    @Test
    void eachNamedTestExists() throws IOException {
        String page = Files.readString(TOP.resolve("docs/failures.md"));
        List<String> missing = NAMED.matcher(page)
                .results()
                .filter(named -> !isThere(named.group(1), named.group(2)))
                .map(named -> named.group())
                .toList();

        assertThat(missing).isEmpty();
        assertThat(NAMED.matcher(page).results()).hasSizeGreaterThan(40);
    }

    private static boolean isThere(String testClass, String method) {
        return Stream.of("table", "schemas", "broker", "consumer", "sshfs-mounter", "store", "producer")
                .map(module -> TOP.resolve(module).resolve("src/test/java"))
                .filter(Files::isDirectory)
                .flatMap(FailuresPageTest::files)
                .filter(file -> file.endsWith(testClass + ".java"))
                .anyMatch(file -> text(file).contains("void " + method + "("));
    }

    private static Stream<Path> files(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.toList().stream();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
