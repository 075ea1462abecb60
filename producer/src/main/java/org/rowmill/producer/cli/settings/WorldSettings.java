package org.rowmill.producer.cli.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.rowmill.schemas.WrongInput;
import org.rowmill.schemas.world.Variable;
import org.rowmill.schemas.world.World;
import picocli.CommandLine.Option;

/** What project code finds around it: options of {@code run}. */
public final class WorldSettings {

    private static final String NAME = "--env";

    @Option(
            names = NAME,
            paramLabel = "NAME[=VALUE]",
            description = "environment variable for index(), columns, report and their programs, on every computer;"
                    + " without =VALUE, with the value that it has here. Repeat the option for several variables; in"
                    + " the environment and in the file, write one on each line")
    private List<String> texts = new ArrayList<>();

    /** Created by picocli. */
    WorldSettings() {}

    /**
     * Returns the names of the variables.
     *
     * @throws WrongInput if a text is not a variable
     */
    public List<String> names() {
        return variables().stream().map(Variable::name).distinct().toList();
    }

    private List<Variable> variables() {
        return texts.stream()
                .flatMap(String::lines)
                .filter(line -> !line.isBlank())
                .map(WorldSettings::variable)
                .toList();
    }

    private static Variable variable(String text) {
        try {
            return Variable.parse(text);
        } catch (IllegalArgumentException e) {
            throw new WrongInput(NAME + ": " + e.getMessage());
        }
    }

    /**
     * Checks that this JVM is in the world that project code needs. The launcher has started it so, unless options of
     * {@code java} prevented that.
     *
     * @param project root directory of the project
     * @param environment of this process
     * @throws WrongInput if it is not
     */
    public void check(Path project, Map<String, String> environment) throws IOException {
        List<String> faults = new ArrayList<>();
        if (!World.hasAllFileNames()) {
            faults.add("the locale has no UTF-8 (LC_ALL=" + environment.getOrDefault("LC_ALL", "") + ", LANG="
                    + environment.getOrDefault("LANG", "")
                    + "), so files with names such as größe.txt cannot be opened."
                    + " Set LC_ALL=C.UTF-8, or another locale with UTF-8 that this computer has (locale -a)");
        }
        Path current = Path.of("").toAbsolutePath();
        if (Files.isDirectory(project) && !Files.isSameFile(project, current)) {
            faults.add("the current directory must be the project, because tables open files relative to it, but it is "
                    + current
                    + ", and options of java such as those of a debugger or an agent keep the run in this JVM,"
                    + " which cannot change its directory. Run: cd " + project + ", and use . as the PROJECT");
        }
        variables().forEach(variable -> check(variable, environment, faults));
        if (!faults.isEmpty()) {
            throw new WrongInput(faults);
        }
    }

    /** Messages do not contain values, which can be secrets. */
    private static void check(Variable variable, Map<String, String> environment, List<String> faults) {
        String current = environment.get(variable.name());
        if (current == null && variable.value().isEmpty()) {
            faults.add(NAME + " " + variable.name() + ": this variable is not set here. Set it, or give it a value: "
                    + NAME + " " + variable.name() + "=VALUE");
        } else if (variable.value().isPresent() && !variable.value().get().equals(current)) {
            faults.add(NAME + " " + variable.name() + ": options of java keep the run in this JVM, which cannot change"
                    + " its environment. Set the variable before the command: " + variable.name() + "=VALUE java ...");
        }
    }
}
