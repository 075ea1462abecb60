package org.rowmill.schemas.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.TreeMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorldTest {

    @Test
    void containsVariablesOfTheLanguageAndThoseThatTheUserAsksFor() {
        World world = World.of(
                Map.of("LC_NUMERIC", "de_DE.UTF-8", "LANG", "C.UTF-8", "PATH", "/bin", "TOKEN", "x", "LCX", "y"),
                List.of("TOKEN", "NOT_SET"));

        assertThat(world.variables().keySet()).containsExactlyInAnyOrder("LC_NUMERIC", "LANG", "TOKEN", "TZ");
        assertThat(world.umask()).matches("0?[0-7]{3}");
    }

    @Test
    void replacesWhatAComputerHasSet() {
        World world = new World(List.of(), Map.of("LANG", "C.UTF-8", "TZ", "Asia/Tokyo"), "0022");
        Map<String, String> environment = new TreeMap<>(Map.of("LC_ALL", "de_DE", "LANGUAGE", "de", "HOME", "/root"));

        world.enter(environment);

        assertThat(environment).isEqualTo(Map.of("LANG", "C.UTF-8", "TZ", "Asia/Tokyo", "HOME", "/root"));
    }

    @Test
    void hasEachKindOfLocaleOfTheHead() {
        Locale format = Locale.getDefault(Locale.Category.FORMAT);
        Locale.setDefault(Locale.Category.FORMAT, Locale.GERMANY);
        try {
            assertThat(World.of(Map.of(), List.of()).javaOptions())
                    .contains("-Dfile.encoding=UTF-8", "-Duser.language.format=de", "-Duser.country.format=DE")
                    .contains("-Duser.language=" + Locale.getDefault().getLanguage())
                    .contains("-Duser.timezone=" + TimeZone.getDefault().getID());
        } finally {
            Locale.setDefault(Locale.Category.FORMAT, format);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', Europe/Berlin, Europe/Berlin",
        "Asia/Tokyo, Asia/Tokyo, Asia/Tokyo",
        "Asia/Tokyo, Europe/Berlin, Europe/Berlin",
        ":/etc/localtime, UTC, UTC",
        "'', GMT+05:30, <+0530>-05:30",
        "'', GMT-03:00, <-0300>+03:00",
        "CET-1CEST, GMT+01:00, CET-1CEST",
    })
    void programsHaveTheTimeZoneOfJava(String variable, String java, String expected) {
        assertThat(TimeZoneVariable.of(variable, TimeZone.getTimeZone(java))).isEqualTo(expected);
    }

    @Test
    void rejectsAVariableWithoutShowingItsValue() {
        assertThat(Variable.parse("A=b=c")).isEqualTo(new Variable("A", java.util.Optional.of("b=c")));
        assertThat(Variable.parse("A").value()).isEmpty();
        assertThat(Variable.parse("A=secret")).hasToString("A");
        assertThatThrownBy(() -> Variable.parse("A-B=secret"))
                .hasMessageContaining("NAME=VALUE")
                .hasMessageContaining("A-B")
                .message()
                .doesNotContain("secret");
        assertThatThrownBy(() -> Variable.parse("1A")).isInstanceOf(IllegalArgumentException.class);
    }

    /** Runs the shell functions with each shell that nodes may have as {@code sh}. */
    @Nested
    class InAShell {

        private String sh(String shell, Map<String, String> environment, String script, String... arguments)
                throws IOException {
            List<String> command = new java.util.ArrayList<>(List.of(shell, "-c", World.script() + script, "sh"));
            command.addAll(List.of(arguments));
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().keySet().removeIf(name -> name.matches("LANG|LC_.*|TZ"));
            builder.environment().putAll(environment);
            return new String(builder.start().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }

        @ParameterizedTest
        @ValueSource(strings = {"sh", "bash"})
        void variablesKeepAnyValue(String shell) throws IOException {
            String odd = "two\nlines \\n $HOME `x` 'q' \"d\" * größe 日本 %s\t\n\n";
            Map<String, String> variables = Map.of("ODD", odd, "EMPTY", "", "PLAIN", "a:b/c");

            String printed = sh(
                    shell,
                    Map.of(),
                    "set -u; set_variables \"$1\"; printf '%s|' \"$ODD\" \"$EMPTY\" \"$PLAIN\"",
                    String.join("\n", World.lines(variables)));

            assertThat(printed).isEqualTo(odd + "||a:b/c|");
        }

        @Test
        void aLocaleWithoutUtf8IsReplaced() throws IOException {
            String charmap = "set -u; use_utf8; locale charmap";
            assertThat(sh("sh", Map.of("LC_ALL", "C"), charmap)).isEqualTo("UTF-8\n");
            assertThat(sh("sh", Map.of("LANG", "xx_XX.ISO-8859-1"), charmap)).isEqualTo("UTF-8\n");
            assertThat(sh("sh", Map.of(), charmap)).isEqualTo("UTF-8\n");
            assertThat(sh("sh", Map.of("LANG", "C.UTF-8"), "use_utf8; echo \"${LC_ALL-none}\""))
                    .isEqualTo("none\n");
        }

        @Test
        void missingLocalesAndTimeZonesAreNamed() throws IOException {
            assertThat(sh("sh", Map.of("LC_TIME", "xx_XX.UTF-8", "LANG", "C.UTF-8"), "missing_locale"))
                    .isEqualTo("xx_XX.UTF-8");
            assertThat(sh("sh", Map.of("LC_ALL", "C.UTF-8", "LANG", "xx_XX"), "missing_locale"))
                    .isEmpty();
            assertThat(sh("sh", Map.of("TZ", "Moon/Base"), "missing_zone")).isEqualTo("Moon/Base");
            assertThat(sh("sh", Map.of("TZ", "CET-1CEST"), "missing_zone")).isEmpty();
        }
    }
}
