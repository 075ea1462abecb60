package org.rowmill.schemas.world;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What project code finds around it, wherever it runs. The head defines it, and every consumer starts in it, so a value
 * does not depend on the computer:
 *
 * <ul>
 *   <li>options of the JVM: charset, language and time zone
 *   <li>environment variables, for Java and for programs that rows start: language, time zone, and those that the user
 *       asks for with {@code --env}
 *   <li>the umask, which decides the permissions of new files
 * </ul>
 *
 * <p>The rest of the world is a matter of the process that enters it: the working directory is the project, and the
 * context class loader is that of the project.
 *
 * @param javaOptions options of {@code java}
 * @param variables environment variables by name
 * @param umask an octal number, such as 0022
 */
public record World(List<String> javaOptions, Map<String, String> variables, String umask) {

    /** The encoding of file names must be this one, on the head and on every node. */
    private static final String ENCODING = "UTF-8";

    private static final Pattern LOCALE_VARIABLE = Pattern.compile("LANG|LANGUAGE|LC_[A-Z]+|TZ");
    private static final String ZONE = "TZ";
    private static final String SCRIPT = "world.sh";

    /** Copies and checks. */
    public World {
        javaOptions = List.copyOf(javaOptions);
        variables = Map.copyOf(variables);
        if (!umask.matches("[0-7]{3,4}")) {
            throw new IllegalArgumentException("umask: an octal number was expected, not " + umask);
        }
    }

    /**
     * Returns the world of this process, which is the head.
     *
     * @param environment its environment variables
     * @param asked names of variables that project code needs, too
     * @return the world for all consumers
     */
    public static World of(Map<String, String> environment, Collection<String> asked) {
        Map<String, String> variables = new TreeMap<>();
        environment.forEach((name, value) -> {
            if (LOCALE_VARIABLE.matcher(name).matches() || asked.contains(name)) {
                variables.put(name, value);
            }
        });
        if (!asked.contains(ZONE)) {
            timeZone(environment).ifPresent(zone -> variables.put(ZONE, zone));
        }
        return new World(options(), variables, Umask.current());
    }

    /**
     * Returns the value of {@code TZ} with which programs have the time zone of this JVM.
     *
     * @param environment the environment variables of this process
     * @return a name such as Europe/Berlin, or a rule of POSIX; empty: programs of this system do not use it so
     */
    public static Optional<String> timeZone(Map<String, String> environment) {
        return isWindows()
                ? Optional.empty()
                : Optional.of(TimeZoneVariable.of(environment.getOrDefault(ZONE, ""), TimeZone.getDefault()));
    }

    private static boolean isWindows() {
        return System.getProperty("os.name", "").startsWith("Windows");
    }

    private static List<String> options() {
        List<String> options = new ArrayList<>(List.of(
                "-Dfile.encoding=" + ENCODING,
                "-Duser.timezone=" + TimeZone.getDefault().getID()));
        addLocale(options, "", Locale.getDefault());
        addLocale(options, ".display", Locale.getDefault(Locale.Category.DISPLAY));
        addLocale(options, ".format", Locale.getDefault(Locale.Category.FORMAT));
        return options;
    }

    private static void addLocale(List<String> options, String category, Locale locale) {
        options.add("-Duser.language" + category + "=" + locale.getLanguage());
        options.add("-Duser.script" + category + "=" + locale.getScript());
        options.add("-Duser.country" + category + "=" + locale.getCountry());
        options.add("-Duser.variant" + category + "=" + locale.getVariant());
    }

    /**
     * Puts the variables into the environment of a process, and removes other variables of language and time zone.
     *
     * @param environment of a process that will be started
     */
    public void enter(Map<String, String> environment) {
        environment.keySet().removeIf(name -> LOCALE_VARIABLE.matcher(name).matches());
        environment.putAll(variables);
    }

    /**
     * Returns the variables for the shell function {@code set_variables} of {@link #script()}.
     *
     * @return lines of ASCII text, one for each variable
     */
    public List<String> lines() {
        return lines(variables);
    }

    /**
     * Returns variables for the shell function {@code set_variables} of {@link #script()}.
     *
     * @param variables values by name
     * @return lines of ASCII text, one for each variable
     */
    public static List<String> lines(Map<String, String> variables) {
        return new TreeMap<>(variables)
                .entrySet().stream()
                        .map(entry -> Variable.line(entry.getKey(), entry.getValue()))
                        .toList();
    }

    /**
     * Returns bytes as text that {@code printf %b} of a shell turns into the bytes.
     *
     * @param bytes any bytes
     * @return ASCII text
     */
    public static String escaped(byte[] bytes) {
        return Variable.escaped(bytes);
    }

    /**
     * Returns whether this JVM represents all file names. If not, it shows question marks instead of some characters,
     * and cannot open these files.
     *
     * @return false in the locale C, for example
     */
    public static boolean hasAllFileNames() {
        return Objects.requireNonNullElse(System.getProperty("sun.jnu.encoding"), ENCODING)
                        .equalsIgnoreCase(ENCODING)
                || isWindows();
    }

    /**
     * Returns shell functions that enter this world, for processes that no JVM with the right locale starts.
     *
     * @return functions for any POSIX shell
     */
    public static String script() {
        try (InputStream in = Objects.requireNonNull(World.class.getResourceAsStream(SCRIPT), SCRIPT)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(SCRIPT, e);
        }
    }
}
