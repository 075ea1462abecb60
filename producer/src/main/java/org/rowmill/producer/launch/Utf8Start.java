package org.rowmill.producer.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.rowmill.schemas.LocalCommand;
import org.rowmill.schemas.world.World;

/**
 * Starts the second JVM in a locale with UTF-8, from a JVM that has none. Such a JVM can neither read nor pass on names
 * with other characters, for example as its current directory. So a shell gets the bytes of all words in ASCII, and
 * does what names are needed for.
 */
final class Utf8Start {

    /** Contains variables for the shell. A command line would show their values to other users. */
    private static final String VARIABLES = "ROWMILL_START";

    private static final String SCRIPT = """
            PATH=${PATH:-/usr/local/bin:/usr/bin:/bin}
            unset CDPATH
            use_utf8
            set_variables "$ROWMILL_START"
            unset ROWMILL_START
            here=$(pwd && echo .)
            here=${here%??}
            before=
            for word; do
                shift
                word=$(printf '%b.' "$word")
                word=${word%.}
                if [ "$before" = -jar ]; then
                    case $word in
                        /*) ;;
                        *) word=$here/$word ;;
                    esac
                    before=end
                fi
                [ "$before" = end ] || before=$word
                set -- "$@" "$word"
            done
            project=$1
            java=$2
            shift 2
            [ ! -d "$project" ] || cd -- "$project" || exit 74
            exec "$java" "-Drowmill.caller=$here" "$@"
            """;

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private Utf8Start() {}

    /**
     * Makes a builder of the process.
     *
     * @param command words whose characters are bytes
     * @param project the directory in which to start, likewise; blank: the current one
     * @param variables environment variables to set
     */
    static ProcessBuilder of(List<String> command, String project, Map<String, String> variables) {
        List<String> shell = new ArrayList<>(List.of("/bin/sh", "-c", World.script() + SCRIPT, "rowmill"));
        shell.add(escaped(project));
        command.forEach(word -> shell.add(escaped(word)));
        ProcessBuilder builder = new ProcessBuilder(shell);
        builder.environment().put(VARIABLES, String.join("\n", World.lines(variables)));
        return builder;
    }

    /** Returns the content of the rowmill.properties of a project, whose name is in bytes; blank if there is none. */
    static String propertiesOf(String project) {
        String script = "name=$(printf '%b.' \"$1\"); exec cat -- \"${name%.}/" + HeadEnvironment.FILE + "\"";
        try {
            return LocalCommand.run(List.of("/bin/sh", "-c", script, "rowmill", escaped(project)), LIMIT)
                    .out();
        } catch (IOException e) {
            return "";
        }
    }

    private static String escaped(String bytes) {
        return World.escaped(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }
}
