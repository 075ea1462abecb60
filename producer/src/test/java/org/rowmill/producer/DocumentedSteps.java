package org.rowmill.producer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the steps that a page of {@code docs/} asks its reader to take; the comment at the top of a page says how. */
final class DocumentedSteps {

    private static final Pattern INSTRUCTION = Pattern.compile("<!-- (file|exit|requires): (\\S+) -->");
    private static final String INDENT = "    ";

    /** What the reader does. */
    sealed interface Step permits FileStep, ShellStep {}

    /** Writes a file, and replaces it if it exists. */
    record FileStep(Path path, String content) implements Step {}

    /** Runs commands that end with the exit code and print, among others, the lines shown. */
    record ShellStep(List<String> commands, int exitCode, Optional<String> requirement, List<String> shown)
            implements Step {
        ShellStep {
            commands = List.copyOf(commands);
            shown = List.copyOf(shown);
        }
    }

    private final List<String> lines;
    private final List<Step> steps = new ArrayList<>();
    private int next;
    private Optional<Path> file = Optional.empty();
    private Optional<String> requirement = Optional.empty();
    private int exitCode;

    private DocumentedSteps(List<String> lines) {
        this.lines = lines;
    }

    static List<Step> of(Path page) throws IOException {
        return new DocumentedSteps(Files.readAllLines(page)).read();
    }

    private List<Step> read() {
        while (next < lines.size()) {
            String line = lines.get(next++);
            Matcher instruction = INSTRUCTION.matcher(line);
            if (instruction.matches()) {
                follow(instruction.group(1), instruction.group(2));
            } else if (line.startsWith("```")) {
                add(line.substring(3), block());
            }
        }
        return List.copyOf(steps);
    }

    private void follow(String name, String value) {
        switch (name) {
            case "file" -> file = Optional.of(Path.of(value));
            case "exit" -> exitCode = Integer.parseInt(value);
            default -> requirement = Optional.of(value);
        }
    }

    private void add(String language, List<String> block) {
        if (file.isPresent()) {
            steps.add(new FileStep(file.get(), String.join("\n", block) + "\n"));
        } else if (language.equals("sh")) {
            steps.add(new ShellStep(block, exitCode, requirement, shown()));
        }
        file = Optional.empty();
        requirement = Optional.empty();
        exitCode = 0;
    }

    private List<String> block() {
        List<String> block = new ArrayList<>();
        while (!lines.get(next).startsWith("```")) {
            block.add(lines.get(next++));
        }
        next++;
        return block;
    }

    /** Reads the indented lines that follow a block. */
    private List<String> shown() {
        List<String> shown = new ArrayList<>();
        while (next < lines.size()
                && (lines.get(next).isBlank() || lines.get(next).startsWith(INDENT))) {
            String line = lines.get(next++);
            if (!line.isBlank()) {
                shown.add(line.substring(INDENT.length()));
            }
        }
        return shown;
    }
}
