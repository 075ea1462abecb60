package org.rowmill.producer.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the launcher must know of the arguments of {@code run}, before the head parses them: the project, in which the
 * head starts, and the variables that it starts with. Reports no errors; the head does.
 *
 * @param project PROJECT as it was written; empty: not found
 * @param variables values of {@code --env}
 */
public record RunArguments(Optional<String> project, List<String> variables) {

    /** Long options without a value. A test compares them with those of the command. */
    public static final Set<String> FLAGS = Set.of(
            "--dry-run",
            "--help",
            "--ignore-broken-parts",
            "--in-process",
            "--no-http",
            "--no-progress",
            "--no-remote-mount-needed",
            "--verbose",
            "--version");

    private static final String ENV = "--env";

    public RunArguments {
        variables = List.copyOf(variables);
    }

    /**
     * Finds them.
     *
     * @param arguments the arguments after {@code run}
     */
    static RunArguments of(List<String> arguments) {
        List<String> variables = new ArrayList<>();
        String project = "";
        int i = 0;
        while (i < arguments.size() && !arguments.get(i).equals("--")) {
            String word = arguments.get(i);
            if (word.startsWith("-") && word.length() > 1) {
                i += option(arguments, i, variables);
            } else if (project.isEmpty()) {
                project = word;
            }
            i++;
        }
        if (project.isEmpty() && i + 1 < arguments.size()) {
            project = arguments.get(i + 1); // after --
        }
        return new RunArguments(project.isEmpty() ? Optional.empty() : Optional.of(project), variables);
    }

    /** Reads an option, and returns the number of arguments that belong to it. */
    private static int option(List<String> arguments, int i, List<String> variables) {
        String word = arguments.get(i);
        String next = i + 1 < arguments.size() ? arguments.get(i + 1) : "";
        if (word.startsWith(ENV + "=")) {
            variables.add(word.substring(ENV.length() + 1));
            return 0;
        }
        if (word.equals(ENV)) {
            variables.add(next);
        }
        if (!word.startsWith("--") || word.contains("=")) {
            return 0;
        }
        boolean isValue = next.equalsIgnoreCase("true") || next.equalsIgnoreCase("false");
        return FLAGS.contains(word.replace('_', '-')) && !isValue ? 0 : 1; // underscores are accepted, too
    }
}
