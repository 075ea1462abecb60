package org.rowmill.consumer.program;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds programs, and makes commands that start in their own process group. Its number is the id of the process. */
final class ProcessGroup {

    private static final Optional<Path> SETSID = find("setsid", System.getenv(), Path.of(""));

    /** Where systems search without PATH, for example if a service or {@code env -i} starts the run. */
    private static final String DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

    private ProcessGroup() {}

    /**
     * Makes a command that starts in its own process group. Returns it unchanged if the system has no {@code setsid}.
     */
    static List<String> command(String... command) {
        List<String> words = new ArrayList<>();
        SETSID.ifPresent(setsid -> words.add(setsid.toString()));
        words.addAll(Arrays.asList(command));
        return words;
    }

    /**
     * Finds the file of a program, by the first word of the command.
     *
     * @throws IOException if there is no such file, or it is not executable
     */
    static Path executable(ProcessBuilder program) throws IOException {
        if (program.command().isEmpty()) {
            throw new IOException("the command of the program is empty");
        }
        String name = program.command().get(0);
        Path directory =
                program.directory() == null ? Path.of("") : program.directory().toPath();
        return find(name, program.environment(), directory)
                .orElseThrow(() -> new IOException("cannot run program \"" + name + "\""
                        + (name.contains("/") ? ": it is not an executable file" : ": no directory in PATH contains it")
                        + " on this node"));
    }

    private static Optional<Path> find(String name, Map<String, String> environment, Path directory) {
        if (name.contains("/")) {
            return Optional.of(directory.resolve(name).toAbsolutePath()).filter(ProcessGroup::isProgram);
        }
        return Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(environment.getOrDefault("PATH", DEFAULT_PATH))
                .map(entry -> directory.resolve(entry).resolve(name).toAbsolutePath())
                .filter(ProcessGroup::isProgram)
                .findFirst();
    }

    private static boolean isProgram(Path path) {
        return Files.isRegularFile(path) && Files.isExecutable(path);
    }
}
