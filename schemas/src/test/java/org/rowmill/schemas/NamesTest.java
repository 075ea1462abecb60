package org.rowmill.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamesTest {

    @ParameterizedTest
    @CsvSource({
        "lineCount, line_count",
        "a, a",
        "rawURLCount, raw_url_count",
        "line2Count, line2_count",
        "x_y, x_y",
        "gr\u00f6\u00dfeX, gr\u00f6\u00dfe_x"
    })
    void namesOfMethodsBecomeLowerCaseWithUnderscores(String method, String column) {
        assertThat(Names.snake(method)).isEqualTo(column);
        assertThat(Names.isColumn(column)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"Line", "1st", "_x", "a-b", "a$b", "''", "'a b'"})
    void otherNamesAreInvalidForColumns(String name) {
        assertThat(Names.isColumn(name)).isFalse();
    }

    @Test
    void theMostSimilarNameIsFoundIfOneIsSimilar() {
        assertThat(Names.nearest("line_cuont", List.of("word_count", "line_count")))
                .contains("line_count");
        assertThat(Names.nearest("bytes", List.of("lines", "byte"))).contains("byte");
        assertThat(Names.nearest("b", List.of("a"))).isEmpty();
        assertThat(Names.nearest("colour", List.of("line_count"))).isEmpty();
    }
}
