package org.rowmill.producer.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunArgumentsTest {

    private static RunArguments of(String arguments) {
        return RunArguments.of(List.of(arguments.split(" ")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "p",
                "p T1 T2",
                "--port 3 p",
                "--port=3 p T1",
                "--dry-run p",
                "--dry-run true p",
                "--dry-run=false p",
                "-v p",
                "-vv --no-progress p --retries 2",
                "--only -5 p",
                "--only -- p",
                "--env A=1 p --env B",
                "-- p",
                "--quick 5 -- p"
            })
    void theProjectIsFoundAmongOptions(String arguments) {
        assertThat(of(arguments).project()).hasValue("p");
    }

    @Test
    void theProjectMayBeMissing() {
        assertThat(of("--port 3").project()).isEmpty();
        assertThat(RunArguments.of(List.of()).project()).isEmpty();
    }

    @Test
    void variablesAreFound() {
        assertThat(of("--env A=1 p --env=B=2 --env C").variables()).containsExactly("A=1", "B=2", "C");
        assertThat(of("p --only --env=A=1").variables()).isEmpty();
    }

    @Test
    void aCommandIsTakenApart() {
        List<String> words = List.of("-Da=b", "-Xmx1g", "-jar", "p.jar", "run", "-jar", "x");

        assertThat(CommandWords.of(words, 3, StandardCharsets.UTF_8))
                .hasValue(new CommandWords(
                        List.of("-Da=b", "-Xmx1g"), "p.jar", List.of("run", "-jar", "x"), StandardCharsets.UTF_8));
        assertThat(CommandWords.of(words, 2, StandardCharsets.UTF_8)).isEqualTo(Optional.empty());
        assertThat(CommandWords.of(List.of("-cp", "x", "Main"), 0, StandardCharsets.UTF_8))
                .isEmpty();
    }

    @Test
    void bytesBecomeTextAgain() {
        String bytes = new String("größe".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);

        assertThat(new CommandWords(List.of(), "x", List.of(bytes), StandardCharsets.ISO_8859_1).decoded(bytes))
                .isEqualTo("größe");
    }
}
