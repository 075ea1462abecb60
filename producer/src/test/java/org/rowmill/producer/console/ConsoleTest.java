package org.rowmill.producer.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsoleTest {

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Console console(int verbosity, boolean isTerminal, Map<String, String> environment) {
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new Console(stream, stream, verbosity, isTerminal, environment);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void noColorIsHonoured() {
        console(0, true, Map.of("NO_COLOR", "1", "TERM", "xterm")).error("wrong");
        console(0, true, Map.of("TERM", "dumb")).error("wrong");
        console(0, false, Map.of("TERM", "xterm")).error("wrong");

        assertThat(err()).isEqualToNormalizingNewlines("error: wrong\nerror: wrong\nerror: wrong\n");
    }

    @Test
    void aTerminalGetsColor() {
        console(0, true, Map.of("TERM", "xterm")).error("wrong");

        assertThat(err()).contains("\u001b[31m");
    }

    @Test
    void aMessageDoesNotMixWithTheProgressLine() {
        Console console = console(0, true, Map.of("TERM", "xterm"));
        console.status("half way");
        console.say("a message");
        console.status("");

        assertThat(err())
                .isEqualToNormalizingNewlines(
                        "\r\u001b[K" + cut("half way") + "\r\u001b[Ka message\n" + cut("half way") + "\r\u001b[K");
    }

    /** A line that goes on in the next one cannot be cleared: a narrow terminal would be filled with them. */
    private static String cut(String line) {
        return "\u001b[?7l" + line + "\u001b[?7h";
    }

    @Test
    void thereIsNoProgressLineWithoutATerminalThatCanClearIt() {
        console(0, false, Map.of()).status("half way");
        Console dumb = console(0, true, Map.of("TERM", "dumb"));
        dumb.status("half way");
        assertThat(dumb.isTerminal()).as("else it gets no plain lines").isFalse();

        assertThat(err()).isEmpty();
    }

    @Test
    void verboseIsSaidWithVOnly() {
        console(0, false, Map.of()).verbose("detail");
        assertThat(err()).isEmpty();

        console(1, false, Map.of()).verbose("detail");
        assertThat(err()).contains("detail");
    }
}
