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
    void noColorAndDumbTerminalsPrintWithoutColor() {
        console(0, true, Map.of("NO_COLOR", "1", "TERM", "xterm")).error("wrong");
        console(0, true, Map.of("TERM", "dumb")).error("wrong");
        console(0, false, Map.of("TERM", "xterm")).error("wrong");

        assertThat(err()).isEqualToNormalizingNewlines("error: wrong\nerror: wrong\nerror: wrong\n");
    }

    @Test
    void errorsAreRedOnATerminal() {
        console(0, true, Map.of("TERM", "xterm")).error("wrong");

        assertThat(err()).contains("\u001b[31m");
    }

    @Test
    void aMessageIsPrintedAboveTheStatusLine() {
        Console console = console(0, true, Map.of("TERM", "xterm"));
        console.status("half way");
        console.say("a message");
        console.status("");

        assertThat(err())
                .isEqualToNormalizingNewlines("\r\u001b[K" + unwrapped("half way") + "\r\u001b[Ka message\n"
                        + unwrapped("half way") + "\r\u001b[K");
    }

    /** A wrapped line cannot be cleared: status lines would fill a narrow terminal. */
    private static String unwrapped(String line) {
        return "\u001b[?7l" + line + "\u001b[?7h";
    }

    @Test
    void theStatusLineRequiresATerminalThatCanClearIt() {
        console(0, false, Map.of()).status("half way");
        Console dumb = console(0, true, Map.of("TERM", "dumb"));
        dumb.status("half way");
        assertThat(dumb.isTerminal()).as("progress is printed line by line").isFalse();

        assertThat(err()).isEmpty();
    }

    @Test
    void verboseMessagesRequireTheOptionV() {
        console(0, false, Map.of()).verbose("detail");
        assertThat(err()).isEmpty();

        console(1, false, Map.of()).verbose("detail");
        assertThat(err()).contains("detail");
    }
}
