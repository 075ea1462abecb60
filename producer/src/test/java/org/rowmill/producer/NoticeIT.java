package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** NOTICE names each library in the jars with its licence. */
class NoticeIT {

    private static final Pattern COMPONENT = Pattern.compile("\"purl\" : \"pkg:maven/([^/]+)/([^@]+)@");

    @ParameterizedTest
    @ValueSource(strings = {"producer", "consumer"})
    void noticeNamesEachLibraryOfTheJar(String module) throws IOException {
        List<String> notice = Files.readAllLines(Path.of("..", "NOTICE"));
        List<String> libraries = COMPONENT
                .matcher(Files.readString(Path.of("..", module, "target", "bom.json")))
                .results()
                .map(found -> found.group(1) + ":" + found.group(2))
                .filter(library -> !library.startsWith("org.rowmill:"))
                .distinct()
                .toList();

        assertThat(libraries)
                .hasSizeGreaterThan(20)
                .allSatisfy(library -> assertThat(notice)
                        .anyMatch(line -> line.startsWith(library + "  ") && line.length() > library.length() + 4));
    }
}
