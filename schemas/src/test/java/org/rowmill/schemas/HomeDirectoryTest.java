package org.rowmill.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HomeDirectoryTest {

    @ParameterizedTest
    @CsvSource({
        "~, /home/me",
        "~/, /home/me/",
        "~/tables, /home/me/tables",
        "./~/tables, ./~/tables",
        "./~bob, ./~bob",
        "data/~, data/~",
        "backup~, backup~",
        "/x/~/y, /x/~/y"
    })
    void onlyATildeAtTheBeginningIsReplaced(String path, String expected) {
        assertThat(HomeDirectory.expand(path, "/home/me")).isEqualTo(expected);
    }

    @Test
    void theHomeOfAnotherUserIsRejected() {
        assertThatThrownBy(() -> HomeDirectory.expand("~bob/tables", "/home/me"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("another user", "./~bob/tables");
    }

    @Test
    void theHomeIsTheOneOfTheShell() {
        assertThat(HomeDirectory.of(Map.of("HOME", "/tmp/h"))).isEqualTo("/tmp/h");
        assertThat(HomeDirectory.of(Map.of("HOME", "relative"))).isEqualTo(System.getProperty("user.home"));
        assertThat(HomeDirectory.of(Map.of())).isEqualTo(System.getProperty("user.home"));
    }
}
